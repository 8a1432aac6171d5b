import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { V1ObjectMeta } from '@kubernetes/client-node';
import { type ApiClient, statusOf } from '../api/index.ts';

/** News about the policy, for `kubectl describe` and `kubectl get events`. */
export interface PolicyEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'PolicyInForce' | 'PolicyInvalid';
  readonly message: string;
  /** Distinguishes it from the same news at another time. */
  readonly occasion: string;
}

/** The object that an Event is about. */
export interface EventObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
}

/** The limit of `events.k8s.io/v1`. */
const maxMessageLength = 1024;

/**
 * Creates an Event on the object. Its name depends on its content and occasion, so a new leader does not report the
 * same news twice.
 */
export async function sendEvent(
  client: ApiClient,
  { apiVersion, kind, metadata }: EventObject,
  { type, reason, message, occasion }: PolicyEvent,
  date: number,
): Promise<void> {
  const { namespace, name, uid } = metadata;
  const content = JSON.stringify([uid, reason, message, occasion]);
  const suffix = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const time = new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${name}.${suffix}` },
    involvedObject: { apiVersion, kind, namespace, name, uid },
    type,
    reason,
    message: message.length > maxMessageLength ? `${message.slice(0, maxMessageLength - 1)}…` : message,
    source: { component: 'podwright', host: hostname() },
    reportingComponent: 'podwright',
    reportingInstance: hostname(),
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
  try {
    await client.send('POST', `/api/v1/namespaces/${namespace}/events`, event);
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

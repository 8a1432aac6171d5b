import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { V1ObjectMeta } from '@kubernetes/client-node';
import { type ApiClient, statusOf } from '../api/index.ts';

/** Something about the policy that `kubectl describe` and `kubectl get events` are to show. */
export interface PolicyEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'PolicyInForce' | 'PolicyInvalid';
  readonly message: string;
  /** Tells it from the same news at another time. */
  readonly occasion: string;
}

/** What an Event is about. */
export interface EventObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
}

/** The most that the newer API of Events takes. */
const maxMessageLength = 1024;

/**
 * Tells of it in an Event on the object. Its name follows from what it says and when, so that replicas that lead one
 * after the other do not tell twice.
 */
export async function sendEvent(
  client: ApiClient,
  { apiVersion, kind, metadata }: EventObject,
  { type, reason, message, occasion }: PolicyEvent,
  date: number,
): Promise<void> {
  const { namespace, name, uid } = metadata;
  const told = JSON.stringify([uid, reason, message, occasion]);
  const suffix = createHash('sha256').update(told).digest('hex').slice(0, 16);
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

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { V1ObjectMeta } from '@kubernetes/client-node';
import { type ApiClient, type CallOptions, statusOf } from '../api/index.ts';

/** News about an object, for `kubectl describe` and `kubectl get events`. */
export interface News {
  readonly type: 'Normal' | 'Warning';
  /** One word in CamelCase. */
  readonly reason: string;
  readonly message: string;
  /** Distinguishes it from the same news at another time. */
  readonly occasion: string;
}

/** The object that an Event is about. */
export interface EventObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Pick<V1ObjectMeta, 'namespace' | 'name' | 'uid'>;
}

/** The limit of `events.k8s.io/v1`. */
const maxMessageLength = 1024;
/** With the suffix, a name has at most 253 characters. */
const maxPrefixLength = 236;

/**
 * Creates an Event on the object. Its name depends on its content and occasion, so no two replicas report the same news.
 */
export async function sendEvent(
  client: ApiClient,
  { apiVersion, kind, metadata }: EventObject,
  { type, reason, message, occasion }: News,
  date: number,
  options?: CallOptions,
): Promise<void> {
  const { namespace, name = '', uid } = metadata;
  const content = JSON.stringify([kind, uid, reason, message, occasion]);
  const suffix = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const time = new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${name.slice(0, maxPrefixLength).replace(/[.-]+$/, '')}.${suffix}` },
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
    await client.send('POST', `/api/v1/namespaces/${namespace}/events`, event, options);
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

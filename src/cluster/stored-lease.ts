import { type ApiClient, unlessRejected } from './api/index.ts';

/** The fields of a `coordination.k8s.io/v1` Lease that are read; times are text, as on the wire. */
export interface Lease {
  readonly metadata: object;
  readonly spec?: LeaseSpec;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly renewTime?: string;
  readonly acquireTime?: string;
  readonly leaseTransitions?: number;
}

/** Where the Lease is stored. */
export interface LeasePlace {
  readonly client: Pick<ApiClient, 'get' | 'send'>;
  readonly namespace: string;
  readonly name: string;
}

/** A Lease in the API server. */
export interface StoredLease {
  /** Undefined if there is none. */
  read(): Promise<Lease | undefined>;
  /**
   * Creates it, or replaces the one that was read. It includes the resourceVersion of that one, so that only one of two
   * claims succeeds.
   */
  write(before: Lease | undefined, spec: LeaseSpec): Promise<Lease>;
}

const timing = { timeoutMs: 5_000 };

/** Reads and writes the Lease at this place. */
export function storedLease({ client, namespace, name }: LeasePlace): StoredLease {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${collection}/${name}`;
  const empty = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } };
  return {
    read: () => unlessRejected([404], client.get(path, {}, timing)) as Promise<Lease | undefined>,
    write: (before, spec) =>
      (before === undefined
        ? client.send('POST', collection, { ...empty, spec }, timing)
        : client.send('PUT', path, { ...before, spec }, timing)) as Promise<Lease>,
  };
}

/** The Lease as this replica claims or renews it. */
export function claimOf(
  { spec }: Partial<Lease> = {},
  { identity, durationMs, date }: { readonly identity: string; readonly durationMs: number; readonly date: number },
): LeaseSpec {
  const now = microTime(date);
  const { holderIdentity, acquireTime = now, leaseTransitions = 0 } = spec ?? {};
  const isMine = holderIdentity === identity;
  return {
    ...spec,
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    renewTime: now,
    acquireTime: isMine ? acquireTime : now,
    leaseTransitions: leaseTransitions + (isMine ? 0 : 1),
  };
}

/** `metav1.MicroTime`, which must have exactly six decimals. */
const microTime = (date: number): string => new Date(date).toISOString().replace('Z', '000Z');

/** Objects of the namespace `shop` as an API server keeps them. Their uids are their kinds and names. */
export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export function stored(apiVersion: string, kind: string, name: string, content: object = {}): StoredObject {
  const { metadata, ...rest } = content as { readonly metadata?: object };
  const uid = `${kind}/${name}`;
  return { apiVersion, kind, metadata: { name, namespace: 'shop', uid, ...metadata }, ...rest };
}

/** The object as one that the owner has made. */
export function ownedBy({ apiVersion, kind, metadata }: StoredObject, object: StoredObject): StoredObject {
  const { name, uid } = metadata;
  return {
    ...object,
    metadata: { ...object.metadata, ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] },
  };
}

export const container = (name: string, more: object = {}) => ({ name, image: `example.com/${name}:1`, ...more });
export const privileged = { securityContext: { privileged: true } };

/** A Pod that a scheduler has placed. */
export function runningPod(name: string, containers: readonly object[], more: object = {}): StoredObject {
  const { spec, ...rest } = more as { readonly spec?: object };
  return stored('v1', 'Pod', name, {
    spec: { nodeName: 'node-1', containers, ...spec },
    status: { phase: 'Running' },
    ...rest,
  });
}

export function workload(apiVersion: string, kind: string, name: string, containers: readonly object[], more = {}) {
  return stored(apiVersion, kind, name, { spec: { template: { spec: { containers } }, ...more } });
}

import type { Labels } from '../engine/namespace-policy.ts';
import type { Surroundings } from '../engine/surroundings.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { type LimitDefaults, limitDefaultsOf } from '../subject/limit-range.ts';
import { metadataOf } from '../subject/pod-metadata.ts';

/** What is known of a cluster where no request tells of which namespace: by an audit, a scan or a preview. */
export interface KnownCluster {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The namespace of objects that do not specify one. */
  readonly defaultNamespace: string;
  /** What surrounds the Pods of a namespace. */
  at(namespace: string): Surroundings;
}

/** What is known before anything is read. */
type Known = Pick<KnownCluster, 'now' | 'defaultNamespace'> & Pick<Surroundings, 'minor'>;

/** A cluster while its objects come in. */
export interface GatheredCluster extends KnownCluster {
  addNamespace(content: unknown): void;
  addLimitRange(content: unknown): void;
}

export function gatherSurroundings({ minor, now, defaultNamespace }: Known): GatheredCluster {
  const labels = new Map<string, Labels>();
  const limits = new Map<string, LimitDefaults[]>();
  return {
    now,
    defaultNamespace,
    at: (namespace) => ({
      minor,
      now,
      namespaceLabels: labels.get(namespace),
      limitDefaults: limits.get(namespace) ?? [],
    }),
    addNamespace(content) {
      const { name = '', labels: own } = metadataOf(content);
      // The API server sets this label on each namespace.
      labels.set(name, { ...own, 'kubernetes.io/metadata.name': name });
    },
    addLimitRange(content) {
      const { namespace = defaultNamespace } = metadataOf(content);
      limits.set(namespace, [...(limits.get(namespace) ?? []), limitDefaultsOf(content)]);
    },
  };
}

/** Occurs in every text that holds what `addSurrounding` wants. */
export const surroundingKinds = /Namespace|LimitRange/;

/** Adds an object that counts for others: a Namespace or a LimitRange. */
export function addSurrounding(gathered: GatheredCluster, { group, kind, content }: KubernetesObject): void {
  if (group !== '') return;
  if (kind === 'Namespace') gathered.addNamespace(content);
  if (kind === 'LimitRange') gathered.addLimitRange(content);
}

/** The surroundings that the Namespaces and LimitRanges among some objects describe. */
export function surroundingsOf(objects: Iterable<KubernetesObject>, known: Known): KnownCluster {
  const gathered = gatherSurroundings(known);
  for (const object of objects) addSurrounding(gathered, object);
  return gathered;
}

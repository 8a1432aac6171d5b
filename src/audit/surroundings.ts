import type { Namespace } from '../engine/namespace-policy.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { type LimitDefaults, limitDefaultsOf } from '../subject/limit-range.ts';
import { metadataOf } from '../subject/pod-metadata.ts';

/** Everything that evaluating an object without a request needs besides the object. */
export interface Surroundings {
  /** The minor version of Kubernetes 1; undefined if unknown. */
  readonly minor: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The namespace of objects that do not specify one. */
  readonly defaultNamespace: string;
  /** The labels of a namespace; undefined if unknown. */
  labelsOf(namespace: string): Namespace['labels'];
  /** The defaults that the LimitRanges of a namespace give new Pods. */
  limitDefaultsOf(namespace: string): readonly LimitDefaults[];
}

/** Surroundings while they are being collected. */
export interface GatheredSurroundings extends Surroundings {
  addNamespace(content: unknown): void;
  addLimitRange(content: unknown): void;
}

export function gatherSurroundings(
  about: Pick<Surroundings, 'minor' | 'now' | 'defaultNamespace'>,
): GatheredSurroundings {
  const labels = new Map<string, NonNullable<Namespace['labels']>>();
  const limits = new Map<string, LimitDefaults[]>();
  return {
    ...about,
    labelsOf: (namespace) => labels.get(namespace),
    limitDefaultsOf: (namespace) => limits.get(namespace) ?? [],
    addNamespace(content) {
      const { name = '', labels: own } = metadataOf(content);
      // The API server sets this label on each namespace.
      labels.set(name, { ...own, 'kubernetes.io/metadata.name': name });
    },
    addLimitRange(content) {
      const { namespace = about.defaultNamespace } = metadataOf(content);
      limits.set(namespace, [...(limits.get(namespace) ?? []), limitDefaultsOf(content)]);
    },
  };
}

/** Occurs in every text that holds what `addSurrounding` wants. */
export const surroundingKinds = /Namespace|LimitRange/;

/** Adds an object that counts for others: a Namespace or a LimitRange. */
export function addSurrounding(gathered: GatheredSurroundings, { group, kind, content }: KubernetesObject): void {
  if (group !== '') return;
  if (kind === 'Namespace') gathered.addNamespace(content);
  if (kind === 'LimitRange') gathered.addLimitRange(content);
}

/** The surroundings that the Namespaces and LimitRanges among some objects describe. */
export function surroundingsOf(
  objects: Iterable<KubernetesObject>,
  about: Pick<Surroundings, 'minor' | 'now' | 'defaultNamespace'>,
): Surroundings {
  const gathered = gatherSurroundings(about);
  for (const object of objects) addSurrounding(gathered, object);
  return gathered;
}

import type { Namespace } from '../engine/namespace-policy.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { type LimitDefaults, limitDefaultsOf } from '../subject/limit-range.ts';
import { metadataOf } from '../subject/pod-metadata.ts';

/** What judging an object without a request has to know beside the object. */
export interface Surroundings {
  /** Of Kubernetes 1; undefined where it is not known. */
  readonly minor: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** That of objects which name none. */
  readonly defaultNamespace: string;
  /** The labels of a namespace; undefined where they are not known. */
  labelsOf(namespace: string): Namespace['labels'];
  /** What the LimitRanges of a namespace give new Pods. */
  limitDefaultsOf(namespace: string): readonly LimitDefaults[];
}

/** Surroundings while what they hold comes in. */
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
      // The API server gives this one to each.
      labels.set(name, { ...own, 'kubernetes.io/metadata.name': name });
    },
    addLimitRange(content) {
      const { namespace = about.defaultNamespace } = metadataOf(content);
      limits.set(namespace, [...(limits.get(namespace) ?? []), limitDefaultsOf(content)]);
    },
  };
}

/** What the Namespaces and LimitRanges among some objects say. */
export function surroundingsOf(
  objects: Iterable<KubernetesObject>,
  about: Pick<Surroundings, 'minor' | 'now' | 'defaultNamespace'>,
): Surroundings {
  const gathered = gatherSurroundings(about);
  for (const { group, kind, content } of objects) {
    if (group !== '') continue;
    if (kind === 'Namespace') gathered.addNamespace(content);
    if (kind === 'LimitRange') gathered.addLimitRange(content);
  }
  return gathered;
}

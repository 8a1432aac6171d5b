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

/** What the Namespaces and LimitRanges among some objects say. */
export function surroundingsOf(
  objects: Iterable<KubernetesObject>,
  about: Pick<Surroundings, 'minor' | 'now' | 'defaultNamespace'>,
): Surroundings {
  const labels = new Map<string, NonNullable<Namespace['labels']>>();
  const limits = new Map<string, LimitDefaults[]>();
  for (const { group, kind, name, namespace = about.defaultNamespace, content } of objects) {
    if (group !== '') continue;
    if (kind === 'Namespace') labels.set(name, labelsIn(content, name));
    if (kind === 'LimitRange') limits.set(namespace, [...(limits.get(namespace) ?? []), limitDefaultsOf(content)]);
  }
  return {
    ...about,
    labelsOf: (namespace) => labels.get(namespace),
    limitDefaultsOf: (namespace) => limits.get(namespace) ?? [],
  };
}

/** The labels of a Namespace; the API server gives one to each. */
export function labelsIn(content: unknown, name: string): NonNullable<Namespace['labels']> {
  return { ...metadataOf(content).labels, 'kubernetes.io/metadata.name': name };
}

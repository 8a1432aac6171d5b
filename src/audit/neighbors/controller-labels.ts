import type { PodSubject } from '../../subject/pod-subject.ts';

type Labels = Readonly<Record<string, string>>;

const podName = 'statefulset.kubernetes.io/pod-name';

/** The labels that controllers of Kubernetes add to the Pods of their templates, by kind. */
const added = new Map<string | undefined, readonly string[]>([
  ['Deployment', ['pod-template-hash']],
  ['DaemonSet', ['controller-revision-hash', 'pod-template-generation']],
  ['StatefulSet', ['controller-revision-hash', 'apps.kubernetes.io/pod-index', podName]],
]);
const keys = new Set([...added.values()].flat());

/** Whether a selector names a label that controllers add. */
export const namesAddedLabel = (selector: Labels): boolean => Object.keys(selector).some((key) => keys.has(key));

/** A selector that selects a template's labels if it may select one of its Pods. */
export const selectorOfTemplates = (selector: Labels): Labels =>
  Object.fromEntries(
    Object.entries(selector).map(([key, value]) => {
      if (key === podName) return [key, value.replace(/-\d+$/, '')];
      return [key, keys.has(key) ? '' : value];
    }),
  );

/** The labels of a template for such selectors, without values that differ from Pod to Pod. */
export function labelsOfTemplate({ metadata, owner }: PodSubject): Labels {
  const own = (added.get(owner?.kind) ?? []).map((key) => [key, key === podName ? (owner?.name ?? '') : '']);
  return { ...metadata.labels, ...Object.fromEntries(own) };
}

import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../subject/pod-types.ts';

/** What the ServiceAccount plugin generates a name for. */
const tokenVolume = /"kube-api-access-[a-z0-9]{5}"/g;
/** The node that the DaemonSet controller makes a Pod for, as the API server writes the field. */
const ownNode = /"matchFields":\[\{"key":"metadata\.name","operator":"In","values":\["[^"]*"\]\}\]/g;

/**
 * A text that two Pods of one controller share when a judgement of one holds for the other: all of their specs, labels
 * and annotations, except for what differs from Pod to Pod and no rule can have a say in.
 */
export function likenessOf({ content }: KubernetesObject, { uid }: OwnerReference): string {
  const { labels, annotations } = Object(content['metadata']) as Readonly<Record<string, unknown>>;
  const text = JSON.stringify([uid, labels, annotations, content['spec']]);
  return text.replaceAll(tokenVolume, '""').replaceAll(ownNode, '""');
}

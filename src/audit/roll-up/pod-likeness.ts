import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';

/** The volume whose name the ServiceAccount plugin generates. */
const tokenVolume = /"kube-api-access-[a-z0-9]{5}"/g;
/** The node affinity that the DaemonSet controller gives each Pod, as the API server stores it. */
const ownNode = /"matchFields":\[\{"key":"metadata\.name","operator":"In","values":\["[^"]*"\]\}\]/g;

/**
 * A key that Pods of one controller share when they get the same verdict: their specs, labels and annotations, except
 * for parts that differ from Pod to Pod and that no rule checks.
 */
export function likenessOf({ content }: KubernetesObject, { uid }: OwnerReference): string {
  const { labels, annotations } = Object(content['metadata']) as Readonly<Record<string, unknown>>;
  const text = JSON.stringify([uid, labels, annotations, content['spec']]);
  return text.replaceAll(tokenVolume, '""').replaceAll(ownNode, '""');
}

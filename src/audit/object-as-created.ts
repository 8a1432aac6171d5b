import type { KubernetesObject } from '../manifests/kubernetes-object.ts';

/** Whether an object comes from a cluster, as `kubectl get -o yaml` prints it. */
export function wasInCluster({ content }: KubernetesObject): boolean {
  const { uid } = Object(content['metadata']) as { uid?: unknown };
  return uid !== undefined || Object.keys(Object(content['status']) as object).length > 0;
}

/** The Pod without the fields that are set after its creation: the scheduled node and the status. */
export function asCreated(object: KubernetesObject): KubernetesObject {
  const { status: _, ...content } = object.content;
  const { nodeName: __, ...spec } = Object(content['spec']) as Readonly<Record<string, unknown>>;
  return { ...object, content: { ...content, spec } };
}

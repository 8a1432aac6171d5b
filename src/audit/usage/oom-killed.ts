import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';

/** The fields of a container status that are read. */
interface ContainerStatus {
  readonly name?: unknown;
  readonly state?: { readonly terminated?: { readonly reason?: unknown } | null } | null;
  readonly lastState?: { readonly terminated?: { readonly reason?: unknown } | null } | null;
}

/** The containers of a Pod that ended last for lack of memory. */
export function oomKilledIn({ content }: KubernetesObject): string[] {
  const { containerStatuses, initContainerStatuses } = Object(content['status']) as Readonly<Record<string, unknown>>;
  return [containerStatuses, initContainerStatuses]
    .flatMap((list) => (Array.isArray(list) ? (list as readonly ContainerStatus[]) : []))
    .filter(({ state, lastState }) => [state, lastState].some((each) => each?.terminated?.reason === 'OOMKilled'))
    .flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

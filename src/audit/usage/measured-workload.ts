import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { type EmbeddedPod, embeddedPodsOf } from '../../manifests/pod-template.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import { subjectOf } from '../../subject/pod-subject.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';
import { hasFinished } from '../roll-up/index.ts';
import type { ContainerUsage } from './container-usage.ts';
import { oomKilledIn } from './oom-killed.ts';
import { type ContainerList, sharedUsage, type WorkloadContainer, type WorkloadUsage } from './workload-usage.ts';

/** A workload while its Pods and their usage are being added. */
export interface MeasuredWorkload {
  /** Its templates count where it has no Pod; `expectsPods` if it is to have some. */
  addTemplates(templates: readonly EmbeddedPod[], expectsPods: boolean): void;
  addPod(object: KubernetesObject): void;
  addUsage(usage: ContainerUsage): void;
  /** Undefined if it has no Pods, will have none, and nothing is known of its usage. */
  result(): WorkloadUsage | undefined;
}

export function openMeasuredWorkload(
  { apiVersion, kind, name }: Pick<OwnerReference, 'apiVersion' | 'kind' | 'name'>,
  namespace: string,
): MeasuredWorkload {
  const usage = new Map<string, ContainerUsage[]>();
  const oomKilled = new Map<string, number>();
  let templates: readonly EmbeddedPod[] = [];
  let isWanted = false;
  let newest: KubernetesObject | undefined;
  let pods = 0;

  function containers(): WorkloadContainer[] {
    const own = new Map(runningIn(templates).map(({ name, role }) => [name, listOf[role]]));
    const all = newest === undefined ? runningIn(templates) : runningIn(embeddedPodsOf(newest.content));
    return [...new Map(all.map((container) => [container.name, container])).values()].map(
      ({ name, spec: { resources } }) => ({
        name,
        list: own.get(name),
        requests: resources?.requests ?? {},
        limits: resources?.limits ?? {},
        oomKilledPods: oomKilled.get(name) ?? 0,
        usage: sharedUsage(usage.get(name) ?? []),
      }),
    );
  }
  return {
    addTemplates(embedded, expectsPods) {
      templates = embedded;
      isWanted = expectsPods;
    },
    addPod(object) {
      if (!hasFinished(object)) pods++;
      if (newest === undefined || createdAt(object) > createdAt(newest)) newest = object;
      for (const container of oomKilledIn(object)) oomKilled.set(container, (oomKilled.get(container) ?? 0) + 1);
    },
    addUsage(each) {
      const all = usage.get(each.container) ?? [];
      usage.set(each.container, all);
      all.push(each);
    },
    result() {
      const isKnown = newest !== undefined || usage.size > 0 || isWanted;
      const all = isKnown ? containers() : [];
      return all.length === 0 ? undefined : { apiVersion, kind, namespace, name, pods, containers: all };
    },
  };
}

const runningIn = (pods: readonly EmbeddedPod[]): ContainerView[] =>
  pods.flatMap(({ source }) => subjectOf(source).running);

const listOf: Readonly<Partial<Record<ContainerView['role'], ContainerList>>> = {
  main: 'containers',
  sidecar: 'initContainers',
};

/** In the API server's notation, which sorts by time. */
function createdAt({ content }: KubernetesObject): string {
  const { creationTimestamp } = Object(content['metadata']) as { readonly creationTimestamp?: unknown };
  return typeof creationTimestamp === 'string' ? creationTimestamp : '';
}

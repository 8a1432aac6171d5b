import { compare } from '../../engine/compare.ts';
import { controllerOfObject } from '../../manifests/controller.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { embeddedPodsOf } from '../../manifests/pod-template.ts';
import { metadataOf } from '../../subject/pod-metadata.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';
import { mirrorsStaticPod } from '../../subject/special-pods.ts';
import { asOwner, expectsPods, openOwnerIndex, uidOf } from '../roll-up/index.ts';
import type { ContainerUsage } from './container-usage.ts';
import { openFormerPods } from './former-pods.ts';
import { type MeasuredWorkload, openMeasuredWorkload } from './measured-workload.ts';
import type { WorkloadUsage } from './workload-usage.ts';

/** Merges the objects of one namespace, and the usage of their containers, into workloads. */
export interface UsageRollUp {
  /** Adds an object that is not a Pod, in any order, before all Pods. */
  addWorkload(object: KubernetesObject): void;
  addPod(object: KubernetesObject): void;
  /** Ordered by kind and name; usage of containers that no workload has is dropped. */
  workloads(usage: readonly ContainerUsage[]): WorkloadUsage[];
}

type Identity = Pick<OwnerReference, 'apiVersion' | 'kind' | 'name' | 'uid'>;

export function openUsageRollUp(namespace: string): UsageRollUp {
  const index = openOwnerIndex();
  const objects: KubernetesObject[] = [];
  const workloads = new Map<string, MeasuredWorkload>();
  const byPod = new Map<string, MeasuredWorkload>();

  function workloadOf(identity: Identity): MeasuredWorkload {
    const key = identity.uid || `${identity.kind}/${identity.name}`;
    const workload = workloads.get(key) ?? openMeasuredWorkload(identity, namespace);
    workloads.set(key, workload);
    return workload;
  }
  function ownerOf(object: KubernetesObject): MeasuredWorkload {
    const isMirror = object.kind === 'Pod' && mirrorsStaticPod(metadataOf(object.content));
    const controller = isMirror ? undefined : controllerOfObject(object);
    return workloadOf(controller === undefined ? asOwner(object, uidOf(object)) : index.topOf(controller));
  }
  /** Objects without Pods count only where their Pods may have had usage. */
  function indexFormerPods() {
    const former = openFormerPods<MeasuredWorkload>();
    for (const object of objects) former.add(object, ownerOf(object));
    return former;
  }
  return {
    addWorkload(object) {
      index.add(object);
      objects.push(object);
    },
    addPod(object) {
      const workload = ownerOf(object);
      byPod.set(object.name, workload);
      workload.addPod(object);
    },
    workloads(usage) {
      const former = indexFormerPods();
      for (const object of objects)
        if (controllerOfObject(object) === undefined)
          ownerOf(object).addTemplates(embeddedPodsOf(object.content), expectsPods(object));
      for (const each of usage) (byPod.get(each.pod) ?? former.ownerOf(each.pod))?.addUsage(each);
      return [...workloads.values()]
        .flatMap((workload) => workload.result() ?? [])
        .toSorted((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
    },
  };
}

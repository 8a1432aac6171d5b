import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { isPositive } from '../subject/quantity.ts';

export const limitEmptyDir = defineRule({
  id: 'limit-empty-dir',
  group: 'resources',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  fix: {
    byDefault: false,
    risk: 'behavior',
    effect:
      'Sets `sizeLimit` to the option `default` where it is missing. On disk, a Pod that writes more is evicted; in memory, its writes fail. Set a `sizeLimit` of your own to opt out.',
  },
  docs: {
    summary: 'Volumes of type emptyDir must have a `sizeLimit`.',
    why: "An emptyDir without a limit can grow to the size of the node's disk, so a log or cache that is never cleaned up fills the disk for every Pod there. In memory (`medium: Memory`), its content counts against the container's memory limit, and a full cache gets the container killed.",
    bad: `containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: cache
  emptyDir: {}`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: cache
  emptyDir:
    sizeLimit: 1Gi`,
    source:
      'Kubernetes, Volumes, https://kubernetes.io/docs/concepts/storage/volumes/#emptydir; Kubernetes, Local Ephemeral Storage, https://kubernetes.io/docs/concepts/storage/ephemeral-storage/',
    departs:
      'If a container has an ephemeral-storage limit, the kubelet evicts a Pod that exceeds it, counting its volumes on disk, so those need no limit of their own.',
  },
  options: {
    default: {
      type: 'string',
      format: 'quantity',
      description: 'The `sizeLimit` that the fix sets. If unset, there is no fix.',
    },
  },
  notApplicable: (pod) =>
    pod.spec.volumes?.some(({ emptyDir }) => emptyDir !== undefined) ? undefined : 'no volume is an emptyDir',
  *check(pod, options) {
    const isDiskLimited = hasDiskLimit(pod);
    for (const [index, { name, emptyDir }] of (pod.spec.volumes ?? []).entries()) {
      if (emptyDir === undefined || isPositive(emptyDir.sizeLimit)) continue;
      // huge pages are limited by the containers' limits
      if (emptyDir.medium?.startsWith('HugePages')) continue;
      if (!emptyDir.medium && isDiskLimited) continue;
      const path = pod.at('volumes', index, 'emptyDir', 'sizeLimit');
      const risk = emptyDir.medium === 'Memory' ? 'counts as memory' : 'can fill its node';
      const mayFill = emptyDir.sizeLimit === undefined && isPositive(options.default);
      yield {
        path,
        message: `volume ${quoted(name ?? '')} has no sizeLimit and ${risk}; set emptyDir.sizeLimit`,
        fault: emptyDir.medium ?? '',
        fix: mayFill ? () => [set(path, options.default)] : undefined,
      };
    }
  },
});

/** Whether the Pod is evicted when its logs, writable layers and volumes exceed its containers' limits. */
const hasDiskLimit = (pod: PodSubject): boolean =>
  pod.containers.some(
    ({ role, spec }) => role !== 'ephemeral' && isPositive(spec.resources?.limits?.['ephemeral-storage']),
  );

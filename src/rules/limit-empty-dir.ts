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
      'Writes the option `default` where there is no `sizeLimit`. On disk, a Pod that writes more is evicted; in memory, its writes fail. Set a `sizeLimit` of your own to opt out.',
  },
  docs: {
    summary: 'Volumes of type emptyDir must have a `sizeLimit`.',
    why: "An emptyDir without a limit is as large as the disk of its node, and a log or a cache that is never cleaned fills it for every Pod there. In memory (`medium: Memory`) what is written counts against the container's memory limit, and the container is killed for a full cache.",
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
      'Where a container has a limit of ephemeral-storage, the kubelet evicts the Pod that uses more, its volumes on disk included, so these need no limit of their own.',
  },
  options: {
    default: {
      type: 'string',
      format: 'quantity',
      description: 'The `sizeLimit` that the fix writes. Without it there is no fix.',
    },
  },
  *check(pod, options) {
    const isDiskLimited = hasDiskLimit(pod);
    for (const [index, { name, emptyDir }] of (pod.spec.volumes ?? []).entries()) {
      if (emptyDir === undefined || isPositive(emptyDir.sizeLimit)) continue;
      // huge pages are limited by what containers may have of them
      if (emptyDir.medium?.startsWith('HugePages')) continue;
      if (!emptyDir.medium && isDiskLimited) continue;
      const path = pod.at('volumes', index, 'emptyDir', 'sizeLimit');
      const risk = emptyDir.medium === 'Memory' ? 'counts as memory' : 'can fill its node';
      const mayFill = emptyDir.sizeLimit === undefined && isPositive(options.default);
      yield {
        path,
        message: `volume ${quoted(name ?? '')} has no sizeLimit and ${risk}; set emptyDir.sizeLimit`,
        fix: mayFill ? () => [set(path, options.default)] : undefined,
      };
    }
  },
});

/** Whether the Pod is evicted when its logs, layers and volumes outgrow what its containers may use together. */
const hasDiskLimit = (pod: PodSubject): boolean =>
  pod.containers.some(
    ({ role, spec }) => role !== 'ephemeral' && isPositive(spec.resources?.limits?.['ephemeral-storage']),
  );

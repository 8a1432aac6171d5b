import type { PodSpec, Resources } from './pod-types.ts';
import { amountOf, type ResourceKind } from './resources.ts';

/** What the kubelet evicts by, most easily evicted first. */
export const qosClasses = ['BestEffort', 'Burstable', 'Guaranteed'] as const;
export type QosClass = (typeof qosClasses)[number];

/** The resources that the class is made of. */
export const qosResources = ['cpu', 'memory'] as const;
export type QosResource = (typeof qosResources)[number];

/**
 * The class that the kubelet gives a Pod of this defaulted spec (`qos.ComputePodQOS`). Resources of the Pod, even none
 * (`resources: {}`), stand in for those of its containers; init containers count, ephemeral ones do not.
 */
export function qosClassOf(spec: PodSpec): QosClass {
  const parts = qosParts(spec);
  const sums = qosResources.map((resource) => [sum(parts, 'requests', resource), sum(parts, 'limits', resource)]);
  if (sums.every(([requests, limits]) => requests === 0n && limits === 0n)) return 'BestEffort';
  const limited = parts.every((part) => qosResources.every((resource) => quantityOf(part, 'limits', resource) > 0n));
  return limited && sums.every(([requests, limits]) => requests === limits) ? 'Guaranteed' : 'Burstable';
}

/** The kind of amount that keeps these resources from being Guaranteed; undefined when nothing does. */
export function guaranteeGap(resources: Resources | undefined, resource: QosResource): ResourceKind | undefined {
  const limit = quantityOf(resources, 'limits', resource);
  if (limit <= 0n) return 'limits';
  return quantityOf(resources, 'requests', resource) === limit ? undefined : 'requests';
}

function qosParts(spec: PodSpec): (Resources | undefined)[] {
  if (spec.resources !== undefined) return [spec.resources];
  return [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources);
}

function sum(parts: readonly (Resources | undefined)[], kind: ResourceKind, resource: QosResource): bigint {
  return parts.reduce((total, part) => total + quantityOf(part, kind, resource), 0n);
}

/** Only what is more than zero counts. */
function quantityOf(resources: Resources | undefined, kind: ResourceKind, resource: QosResource): bigint {
  const quantity = amountOf(resources?.[kind]?.[resource])?.quantity ?? 0n;
  return quantity > 0n ? quantity : 0n;
}

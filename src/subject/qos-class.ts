import type { PodSpec, Resources } from './pod-types.ts';
import { isPositive } from './quantity.ts';
import { amountOf, type ResourceKind } from './resources.ts';

/** The kubelet's order of eviction, evicted first to last. */
export const qosClasses = ['BestEffort', 'Burstable', 'Guaranteed'] as const;
export type QosClass = (typeof qosClasses)[number];

/** The resources that determine the class. */
export const qosResources = ['cpu', 'memory'] as const;
export type QosResource = (typeof qosResources)[number];

/**
 * The kubelet's class for a Pod with this defaulted spec (`qos.ComputePodQOS`). Pod-level resources, even empty ones
 * (`resources: {}`), replace those of its containers; init containers count, ephemeral ones do not.
 */
export function qosClassOf(spec: PodSpec): QosClass {
  const parts = qosParts(spec);
  if (!parts.some(asksForAnything)) return 'BestEffort';
  const isGuaranteed = qosResources.every(
    (resource) =>
      parts.every((part) => isPositive(part?.limits?.[resource])) &&
      sum(parts, 'requests', resource) === sum(parts, 'limits', resource),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

/** The kind of amount that keeps these resources from being Guaranteed; undefined if they are. */
export function guaranteeGap(resources: Resources | undefined, resource: QosResource): ResourceKind | undefined {
  const limit = quantityOf(resources, 'limits', resource);
  if (limit <= 0n) return 'limits';
  return quantityOf(resources, 'requests', resource) === limit ? undefined : 'requests';
}

function qosParts(spec: PodSpec): (Resources | undefined)[] {
  if (spec.resources !== undefined) return [spec.resources];
  return [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources);
}

const asksForAnything = (part: Resources | undefined): boolean =>
  qosResources.some((resource) => isPositive(part?.requests?.[resource]) || isPositive(part?.limits?.[resource]));

function sum(parts: readonly (Resources | undefined)[], kind: ResourceKind, resource: QosResource): bigint {
  return parts.reduce((total, part) => total + quantityOf(part, kind, resource), 0n);
}

/** Only values above zero count. */
function quantityOf(resources: Resources | undefined, kind: ResourceKind, resource: QosResource): bigint {
  const quantity = amountOf(resources?.[kind]?.[resource])?.quantity ?? 0n;
  return quantity > 0n ? quantity : 0n;
}

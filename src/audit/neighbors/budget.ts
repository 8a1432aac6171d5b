import type { Budget } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { valueAt } from '../../patch/pointer.ts';
import { decode } from '../../subject/decode.ts';
import type { LabelSelector } from '../../subject/label-selector.ts';
import type { Selecting } from './selector-index.ts';

interface BudgetSpec {
  readonly selector?: LabelSelector;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly unhealthyPodEvictionPolicy?: string;
}

/** Reads a PodDisruptionBudget. Undefined for one without a selector, and for an empty one of `v1beta1`: both select no Pods. Never throws. */
export function readBudget({ apiVersion, name, content }: KubernetesObject): (Budget & Selecting) | undefined {
  const spec = (decode('PodDisruptionBudgetSpec', content['spec'], 'spec', []) ?? {}) as BudgetSpec;
  const { selector } = spec;
  const expectedPods = valueAt(content, '/status/expectedPods');
  const isEmpty = Object.values(selector ?? {}).every((part) => Object.keys(part ?? {}).length === 0);
  if (selector === undefined || (isEmpty && apiVersion === 'policy/v1beta1')) return undefined;
  return {
    name,
    selector,
    minAvailable: spec.minAvailable,
    maxUnavailable: spec.maxUnavailable,
    evictsUnhealthy: spec.unhealthyPodEvictionPolicy === 'AlwaysAllow',
    expectedPods: Number.isInteger(expectedPods) ? (expectedPods as number) : undefined,
  };
}

import type { PodNetworkPolicy } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { valueAt } from '../../patch/pointer.ts';
import { decode } from '../../subject/decode.ts';
import type { LabelSelector } from '../../subject/label-selector.ts';
import type { Selecting } from './selector-index.ts';

/** Reads a NetworkPolicy. An absent selector selects every Pod of the namespace, as an empty one. Never throws. */
export function readNetworkPolicy({ name, content }: KubernetesObject): PodNetworkPolicy & Selecting {
  const at = (path: '/spec/podSelector' | '/spec/policyTypes' | '/spec/egress') => valueAt(content, path);
  const selector = (decode('LabelSelector', at('/spec/podSelector'), 'podSelector', []) ?? {}) as LabelSelector;
  const types = (decode('string[]', at('/spec/policyTypes'), 'policyTypes', []) ?? []) as readonly string[];
  const egress = at('/spec/egress');
  const defaults = ['Ingress', ...(Array.isArray(egress) && egress.length > 0 ? ['Egress'] : [])];
  return { name, selector, directions: types.length > 0 ? types : defaults };
}

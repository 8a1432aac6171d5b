import type { PodSpec } from './pod-types.ts';

type Affinity = NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>;
type Terms = NonNullable<Affinity['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms'];

const labels = ['kubernetes.io/os', 'beta.kubernetes.io/os'];
/** Only Windows nodes have it. */
const build = 'node.kubernetes.io/windows-build';

/** Whether the Pod runs on Windows nodes only, by `spec.os` or because it can be scheduled nowhere else. */
export function isForWindows({ os, nodeSelector, affinity }: PodSpec): boolean {
  if (os?.name !== undefined) return os.name === 'windows';
  if (nodeSelector?.[build] !== undefined || labels.some((label) => nodeSelector?.[label] === 'windows')) return true;
  return demandsWindows(affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms);
}

/**
 * Whether every term, of which one must match, requires a label that only Windows nodes have. An empty term matches no
 * node.
 */
function demandsWindows(terms: Terms | undefined): boolean {
  if (terms === undefined || terms.length === 0) return false;
  return terms.every(({ matchExpressions = [] }) => matchExpressions.some(isOfWindows));
}

type Requirement = NonNullable<NonNullable<Terms>[number]['matchExpressions']>[number];

function isOfWindows({ key, operator, values = [] }: Requirement): boolean {
  if (key === build) return operator === 'In' || operator === 'Exists';
  if (!labels.includes(key)) return false;
  if (operator === 'NotIn') return values.includes('linux');
  return operator === 'In' && values.length > 0 && values.every((value) => value === 'windows');
}

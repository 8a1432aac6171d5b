import type { Quota, QuotaScope } from '../../engine/neighbors.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { qosClassOf } from '../../subject/qos-class.ts';

/** A field that every container must set where a quota limits it. */
export interface QuotaDemand {
  readonly kind: 'limits' | 'requests';
  readonly resource: 'cpu' | 'memory';
  /** The name of the quota. */
  readonly quota: string;
}

/** The names of resources in a quota that each container must set; the quota only counts others. */
const demands: readonly (Omit<QuotaDemand, 'quota'> & { readonly names: readonly string[] })[] = [
  { kind: 'requests', resource: 'cpu', names: ['cpu', 'requests.cpu'] },
  { kind: 'requests', resource: 'memory', names: ['memory', 'requests.memory'] },
  { kind: 'limits', resource: 'cpu', names: ['limits.cpu'] },
  { kind: 'limits', resource: 'memory', names: ['limits.memory'] },
];

/** The fields that the quotas demand of each container of the Pod, each once (`pkg/quota/v1/evaluator/core/pods.go`). */
export function quotaDemandsOn(pod: PodSubject, quotas: readonly Quota[]): QuotaDemand[] {
  const counting = quotas.filter(({ scopes }) => scopes.every((scope) => isInScope(pod, scope)));
  return demands.flatMap(({ kind, resource, names }) => {
    const quota = counting.find(({ resources }) => names.some((name) => resources.includes(name)));
    return quota === undefined ? [] : [{ kind, resource, quota: quota.name }];
  });
}

/** Scopes that are not listed limit no requests and no limits. */
function isInScope({ spec }: PodSubject, scope: QuotaScope): boolean {
  switch (scope.name) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return qosClassOf(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClassOf(spec) !== 'BestEffort';
    case 'PriorityClass':
      return isOfPriority(spec.priorityClassName ?? '', scope);
    default:
      return false;
  }
}

function isOfPriority(name: string, { operator, values }: QuotaScope): boolean {
  if (operator === 'Exists') return name !== '';
  if (operator === 'DoesNotExist') return name === '';
  return operator === 'In' ? values.includes(name) : operator === 'NotIn' && !values.includes(name);
}

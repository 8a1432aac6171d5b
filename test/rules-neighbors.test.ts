import { expect, test } from 'vitest';
import { surroundingsOf } from '../src/audit/surroundings.ts';
import type { NeighborKind, Neighbors } from '../src/engine/neighbors.ts';
import { defaultsOf } from '../src/engine/options.ts';
import { planOf } from '../src/engine/plan.ts';
import type { Rule } from '../src/engine/rule.ts';
import { type KubernetesObject, kubernetesObject } from '../src/manifests/kubernetes-object.ts';
import { rules } from '../src/rules/index.ts';
import { subjectOf } from '../src/subject/pod-subject.ts';
import { casesOf, policyOf, sourceOf } from './support/rule-cases.ts';

/** What members of `Neighbors` are about; nothing for those that are known from files only. */
const kindsOf: Readonly<Record<keyof Neighbors, readonly NeighborKind[]>> = {
  source: [],
  servicesOf: ['Service'],
  serviceNamed: ['Service'],
  hasSelectingService: [],
  budgetsOf: ['PodDisruptionBudget'],
  autoscalerOf: ['HorizontalPodAutoscaler'],
  networkPoliciesOf: ['NetworkPolicy'],
  quotas: ['ResourceQuota'],
  hasPriorityClass: ['PriorityClass'],
  accountOf: ['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding'],
  hasConfig: [],
};

/** So that there are neighbors in every case. */
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'another' },
  spec: { selector: { app: 'another' } },
};

const plan = planOf(policyOf({}));

/** The kinds that the rule reads in its fixture. */
function readBy(rule: Rule): ReadonlySet<NeighborKind> {
  const read = new Set<NeighborKind>();
  for (const one of casesOf(rule.id)) {
    const around = [...(one.around ?? []), service].map((value) => kubernetesObject(value) as KubernetesObject);
    const { neighbors } = surroundingsOf(around, { minor: 36, now: 0, defaultNamespace: 'default' }).at('default');
    if (neighbors === undefined) continue;
    const watched = new Proxy(neighbors, {
      get(all, member: keyof Neighbors) {
        for (const kind of kindsOf[member]) read.add(kind);
        return all[member];
      },
    });
    const options = { ...defaultsOf(rule.options), ...one.options };
    const context = { ...plan.contextFor({ minor: 36, neighbors: watched }), namespace: 'default', workloads: [] };
    const pod = subjectOf(sourceOf(one));
    if (rule.notApplicable?.(pod, options, context) === undefined) Array.from(rule.check(pod, options, context));
  }
  return read;
}

test('each rule declares the kinds that it reads, so that scans list them and no others', () => {
  const declared = rules.map(({ id, reads = [] }) => [id, reads.toSorted()] as const);
  const read = rules.map((rule) => [rule.id, [...readBy(rule)].toSorted()] as const);
  const used = ([, kinds]: readonly [string, readonly string[]]): boolean => kinds.length > 0;
  // in a cluster the autoscaler sets the replicas
  const inFiles = new Set(['no-autoscaled-replicas']);
  expect(read.filter(used).filter(([id]) => !inFiles.has(id))).toEqual(declared.filter(used));
});

import { expect, test } from 'vitest';
import { openClusterNeighbors } from '../../src/audit/neighbors/cluster-neighbors.ts';
import { kubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { stored } from './support/objects.ts';

const kinds = new Set(['Service', 'PodDisruptionBudget', 'NetworkPolicy', 'HorizontalPodAutoscaler'] as const);
const shared = { 'app.kubernetes.io/part-of': 'shop' };

/**
 * How often a key or value of a selector is read while each of `count` workloads is looked up among as many neighbors of
 * each kind in one namespace.
 */
function readsAmong(count: number): number {
  const near = openClusterNeighbors('shop', { priorityClasses: new Set(), boundAccounts: new Map() });
  for (let each = 0; each < count; each++) {
    const labels = { ...shared, app: `web-${each}` };
    const name = `web-${each}`;
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name };
    for (const object of [
      stored('v1', 'Service', name, { spec: { selector: labels, ports: [{ port: 80 }] } }),
      stored('policy/v1', 'PodDisruptionBudget', name, { spec: { selector: { matchLabels: labels } } }),
      stored('networking.k8s.io/v1', 'NetworkPolicy', name, { spec: { podSelector: { matchLabels: labels } } }),
      stored('autoscaling/v2', 'HorizontalPodAutoscaler', name, { spec: { scaleTargetRef: target, maxReplicas: 2 } }),
    ].flatMap((value) => kubernetesObject(value) ?? []))
      near.add(object);
  }
  const { servicesOf, budgetsOf, networkPoliciesOf, autoscalerOf } = near.known(kinds);
  let reads = 0;
  for (let each = 0; each < count; each++) {
    const labels = new Proxy<Record<string, string>>(
      { ...shared, app: `web-${each}` },
      {
        getOwnPropertyDescriptor(all, key) {
          reads += 1;
          return Reflect.getOwnPropertyDescriptor(all, key);
        },
      },
    );
    const name = `web-${each}`;
    const subject = subjectOf({ pod: { metadata: { labels: {} }, spec: { containers: [] } } });
    const pod = { ...subject, metadata: { labels } };
    const found = [servicesOf(pod), budgetsOf(pod), networkPoliciesOf?.(pod)].map((all) =>
      all?.map(({ name }) => name),
    );
    expect(found).toEqual([[name], [name], [name]]);
    expect(autoscalerOf?.({ kind: 'Deployment', name })?.name).toBe(name);
  }
  return reads;
}

test('four times as many neighbors in a namespace take four times the lookups', () => {
  const few = readsAmong(100);
  expect(few).toBeGreaterThan(0);
  expect(readsAmong(400)).toBe(4 * few);
});

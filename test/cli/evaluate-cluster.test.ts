import { afterEach, expect, test, vi } from 'vitest';
import { evaluateCluster } from '../../src/cli/evaluate-cluster.ts';
import { openCluster } from '../../src/cli/open-cluster.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { startShop } from '../prometheus/support/shop-cluster.ts';

afterEach(() => vi.unstubAllEnvs());

const policy = defaultPolicy(rules);
const silent = { show: () => undefined, clear: () => undefined };

async function evaluated(pods: boolean) {
  vi.stubEnv('KUBECONFIG', (await startShop()).kubeconfig);
  const cluster = await openCluster({});
  if ('problem' in cluster) throw new Error(cluster.problem);
  const others = { ...policy, exemptions: [] };
  const result = await evaluateCluster(cluster, [policy, others, { ...policy, mode: 'audit' }], {}, silent, { pods });
  if ('problems' in result) throw new Error(result.problems.join());
  return result.subjects;
}

test('what several policies say alike is held once, and Pods and fixes only where they are wanted', async () => {
  const subjects = await evaluated(false);
  expect(subjects).toHaveLength(4);
  for (const [first, same, other] of subjects) {
    expect(same).toBe(first);
    expect(other).not.toBe(first);
    expect([first?.pod, first?.patch.length]).toEqual([{}, expect.any(Number)]);
    expect(first?.findings.filter((finding) => 'fix' in finding)).toEqual([]);
  }
  const [[first] = []] = await evaluated(true);
  expect(first?.patch.length).toBeGreaterThan(0);
  expect(first?.pod).toHaveProperty('spec.containers');
});

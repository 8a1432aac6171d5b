import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../apiserver/support/api-server.ts';
import { inNode, kubectlIn, wanted } from '../apiserver/support/kubectl.ts';
import { pod } from '../apiserver/support/podwright.ts';
import { currentKubeconfig } from './support/helm.ts';
import { install, podsOf, type Release, untilSettled } from './support/release.ts';

const [home, namespace] = ['podwright-replicas', 'replicas'];
let release: Release;

beforeAll(async () => {
  await kubectlIn(namespace);
  // an even share is a matter of chance for each connection, so the test makes many
  release = await install(home, ['--set', 'replicas=3', '--set', 'extraArgs={--connection-reviews=50}']);
  await untilSettled(release, 3);
});
afterAll(() => release.uninstall());

/** How many reviews each replica has answered, by its own metrics. */
async function answered(): Promise<ReadonlyMap<string, number>> {
  const pods = await podsOf(release);
  const counts = pods.map(async ({ metadata: { name } }) => {
    const path = `/api/v1/namespaces/${home}/pods/${name}:9090/proxy/metrics`;
    const { stdout } = await wanted(inNode(['kubectl', 'get', '--raw', path]));
    const series = stdout.matchAll(/^podwright_admission_requests_total\{.*\} (\d+)$/gm);
    return [name, series.reduce((sum, [, value]) => sum + Number(value), 0)] as const;
  });
  return new Map(await Promise.all(counts));
}

/** What each replica answers of so many Pods, which so many clients create as dry runs; each is reviewed twice. */
async function shares(count: number, clients: number): Promise<readonly number[]> {
  const before = await answered();
  const api = await connect(await currentKubeconfig(), clients);
  let next = 0;
  async function run(): Promise<void> {
    for (let nth = next++; nth < count; nth = next++) {
      const { code, body } = await api('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod(`web-${nth}`));
      if (code !== 201) throw new Error(`${code} ${body.message}`);
    }
  }
  await Promise.all(Array.from({ length: clients }, run));
  const after = await answered();
  const reviews = [...after].map(([name, value]) => value - (before.get(name) ?? 0));
  expect(reviews.reduce((sum, each) => sum + each)).toBe(2 * count);
  return reviews.map((each) => each / (2 * count));
}

// with a hundred connections and more, less than 15 % is four standard deviations away from a third
test('three replicas share the reviews of many clients, without knowing of each other', async () => {
  const all = await shares(3_000, 30);
  expect(all).toHaveLength(3);
  expect(Math.min(...all)).toBeGreaterThan(0.15);
});

test('the reviews of a single client, one after the other, reach all replicas too', async () => {
  const all = await shares(1_000, 1);
  expect(all).toHaveLength(3);
  expect(Math.min(...all)).toBeGreaterThan(0);
});

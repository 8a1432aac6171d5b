import { expect, test } from 'vitest';
import { openApiClient } from '../../src/cluster/api-client.ts';
import { startFakeApi, writeKubeconfig } from './support/fake-api.ts';

test('race', async () => {
  const api = await startFakeApi();
  let wanted = 'Bearer old';
  let n = 0;
  api.interfere(async ({ headers }) => {
    await new Promise((r) => setTimeout(r, 5 * (n++ % 7)));
    return headers.authorization === wanted ? { status: 200, body: {} } : { status: 401, body: {} };
  });
  const file = writeKubeconfig(api.server, { token: 'old' });
  const client = openApiClient({ kubeconfig: file });
  await client.get('/api/v1/pods');
  let bad: unknown[] = [];
  for (let round = 0; round < 30; round++) {
    wanted = `Bearer t${round}`;
    writeKubeconfig(api.server, { token: `t${round}` }, file);
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => client.get('/api/v1/pods')));
    bad.push(...all.filter((x) => x.status === 'rejected').map((x) => String((x as PromiseRejectedResult).reason)));
  }
  expect(bad).toEqual([]);
});

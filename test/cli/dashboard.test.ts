import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { dashboardPages } from '../../src/cli/run-dashboard.ts';
import { buildDashboard } from '../../src/server/dashboard/index.ts';
import { container, privileged, workload } from '../audit/support/objects.ts';
import { storedObjects } from '../cluster/support/fake-collection.ts';
import { startClusterOf } from '../cluster/support/start-cluster.ts';

afterEach(() => vi.unstubAllEnvs());

/** A dashboard of a cluster with one workload, what it tells, and how often it read the Deployments. */
async function dashboard(maxAge: number) {
  let isReadable = true;
  const reads: string[] = [];
  const web = workload('apps/v1', 'Deployment', 'web', [container('app', privileged)]);
  const api = await startClusterOf(
    {
      '/api/v1/namespaces': storedObjects('Namespace', [{ metadata: { name: 'shop' } }]),
      '/api/v1/limitranges': storedObjects('LimitRange', []),
      '/api/v1/configmaps': storedObjects('ConfigMap', []),
      '/apis/apps/v1/deployments': storedObjects('Deployment', [web]),
    },
    ({ path }) => {
      if (path === '/apis/apps/v1/deployments') reads.push(path);
      return path === '/api/v1/namespaces' && !isReadable ? { status: 401 } : undefined;
    },
  );
  vi.stubEnv('KUBECONFIG', api.kubeconfig);
  const told: string[] = [];
  const options = { port: 0, maxAge, kubernetesVersion: 36 };
  const pages = dashboardPages(options, (line) => told.push(line));
  const app = buildDashboard(pages, { maxAgeMs: maxAge * 1000, onError: (error) => told.push(error.message) });
  onTestFinished(() => app.close());
  return { app, told, reads, hide: (isHidden: boolean) => (isReadable = !isHidden) };
}

const headingsIn = (page: string): string[] => page.match(/(?<=<h[12]>)[^<]+/g) ?? [];

test('shows the preview and the audit, each with a link to the other', async () => {
  const { app, told } = await dashboard(60);
  const preview = await app.inject('/');
  expect([preview.statusCode, preview.headers['content-type'], preview.headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-store',
  ]);
  expect(headingsIn(preview.body)[0]).toBe('What Podwright would do to c');
  expect(preview.body).toContain(
    '<nav class="views"><b aria-current="page">What enforcement would do</b> <a href="/audit">What is wrong today</a> </nav>',
  );
  expect(preview.body).toContain('workloads would be denied');
  const audit = await app.inject('/audit');
  expect(headingsIn(audit.body)[0]).toBe('Podwright audit of the cluster c');
  expect(audit.body).toContain(
    '<nav class="views"><a href="/">What enforcement would do</a> <b aria-current="page">What is wrong today</b> </nav>',
  );
  const builtIn = 'policy: the built-in one (the cluster has no ConfigMap of a Podwright release)';
  expect(told).toEqual([`${builtIn}, as if every mode ceiling were enforce`, builtIn]);
  expect((await app.inject('/other')).statusCode).toBe(404);
});

test('reads the cluster once for all who ask at the same time, and again when a page is old', async () => {
  const { app, reads } = await dashboard(60);
  await Promise.all([app.inject('/'), app.inject('/'), app.inject('/')]);
  await app.inject('/');
  expect(reads).toHaveLength(1);
  const { app: impatient, reads: more } = await dashboard(0);
  await impatient.inject('/');
  await impatient.inject('/');
  expect(more).toHaveLength(2);
});

test('says why a cluster cannot be read, and tries again', async () => {
  const { app, told, hide } = await dashboard(60);
  hide(true);
  const { statusCode, body } = await app.inject('/');
  expect([statusCode, headingsIn(body)]).toEqual([502, ['Podwright cannot show the cluster']]);
  expect(told).toHaveLength(1);
  expect(body).toContain(`<p class="bad">${told[0]}</p>`);
  hide(false);
  expect((await app.inject('/')).statusCode).toBe(200);
});

test('answers nobody who came by another name', async () => {
  const { app, reads } = await dashboard(60);
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'evil.example:8090']) {
    const { statusCode, body } = await app.inject({ path: '/', headers: { host } });
    expect([statusCode, body]).toEqual([403, 'this dashboard is for this machine only\n']);
  }
  expect(reads).toEqual([]);
  expect((await app.inject({ path: '/', headers: { host: 'localhost:8090' } })).statusCode).toBe(200);
});

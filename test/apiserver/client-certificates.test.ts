import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeClientAuthority } from '../support/client-authority.ts';
import { apiServerName } from './support/admission-config.ts';
import { type Kubectl, kubectlIn } from './support/kubectl.ts';
import { type Podwright, pod, startPodwright } from './support/podwright.ts';
import { until } from './support/until.ts';

let folder: string;
let podwright: Podwright;
let kubectl: Kubectl;

const trust = (ca: string) => writeFile(join(folder, 'client-ca.pem'), ca);
const create = (name: string, more?: Parameters<typeof pod>[1]) =>
  kubectl.send(pod(name, more), 'create', '--dry-run=server', '-f', '-');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podwright-'));
  kubectl = await kubectlIn('client-certificates');
  await trust(inject('clientCa'));
  const flags = [`--client-ca=${join(folder, 'client-ca.pem')}`, `--client-name=${apiServerName}`];
  podwright = await startPodwright(undefined, { flags });
});
afterAll(async () => {
  await podwright?.stop();
  await rm(folder, { recursive: true });
});

test('an API server with a certificate of the authority gets verdicts', async () => {
  expect((await create('good')).code).toBe(0);
  expect((await create('bad', { spec: { hostNetwork: true } })).stderr).toContain('(no-host-network)');
});

test('a client without a certificate gets none', async () => {
  const { port } = new URL(podwright.url);
  const ca = Buffer.from(podwright.caBundle, 'base64');
  const call = request({ method: 'POST', host: '127.0.0.1', port, path: '/validate', agent: new Agent({ ca }) });
  const outcome = new Promise((resolve) => {
    call.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    call.on('response', ({ statusCode }) => resolve(statusCode));
  });
  call.end('{}');
  expect(await outcome).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  expect(await podwright.metrics()).toContain('podwright_client_certificates_refused_total{reason="missing"} 1\n');
});

test('nor does an API server whose certificate is of another authority, until that is trusted', async () => {
  await trust((await makeClientAuthority('somebody else')).ca);
  await podwright.kill();
  await podwright.restart();
  expect((await create('good')).stderr).toContain(
    'failed calling webhook "pods.validate.podwright.dev": failed to call webhook: Post ',
  );
  // One call for each webhook for Pods.
  expect(await podwright.metrics()).toContain('podwright_client_certificates_refused_total{reason="untrusted"} 2\n');
  await trust(inject('clientCa'));
  await until('the API server to be let in', async () => (await create('good')).code === 0, 30);
});

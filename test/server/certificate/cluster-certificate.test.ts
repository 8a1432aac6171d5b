import { X509Certificate } from 'node:crypto';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { checkKeyPair, type ServingCertificate } from '../../../src/server/certificate/certificate.ts';
import {
  type ClusterCertificateOptions,
  openClusterCertificate,
} from '../../../src/server/certificate/cluster-certificate.ts';
import { createClusterMetrics } from '../../../src/server/monitoring/cluster-metrics.ts';
import { openStore } from '../../cluster/support/fake-store.ts';
import { keptLog, testCertificate, until } from '../support.ts';

const secretPath = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets/tls`;
const configurationPath = (kind: string) =>
  `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/podwright`;

/** A replica that leads, of an installation before its first start. */
async function start({ namespace = 'ns', ...more }: Partial<ClusterCertificateOptions> & { namespace?: string } = {}) {
  const store = openStore();
  store.put(secretPath(namespace), { metadata: { labels: { 'podwright.dev/managed-by': 'podwright' } } });
  store.put(configurationPath('mutating'), {
    metadata: {},
    webhooks: [{ name: 'mutate.podwright.dev', clientConfig: {} }],
  });
  const registry = new Registry();
  const metrics = createClusterMetrics(registry);
  const election = {
    isLeader: true,
    leader: undefined,
    onGain: (listener: () => void) => listener(),
    close: () => Promise.resolve(),
  };
  metrics.observeElection(election);
  const checked = checkKeyPair(await testCertificate(), new Date());
  if ('problem' in checked) throw new Error(checked.problem);
  const { log, lines } = keptLog('info');
  const changes: ServingCertificate[] = [];
  const source = await openClusterCertificate(
    { secret: 'tls', webhookConfiguration: 'podwright', hosts: [], waitMs: 0, timing: { stepMs: 1 }, ...more },
    {
      cluster: { client: store.client(), election, namespace, metrics },
      placeholder: checked.certificate,
      log,
      onChange: (certificate) => changes.push(certificate),
    },
  );
  onTestFinished(async () => source.close());
  const series = async (): Promise<string[]> =>
    (await registry.metrics())
      .split('\n')
      .filter((line) => /^podwright_(leader|ca_|webhook_|certificate_)/.test(line))
      .map((line) => line.replace('podwright_', ''));
  return { store, source, placeholder: checked.certificate, changes, series, lines };
}

test('the placeholder is served until there is a certificate, and metrics show the state', async () => {
  const { store, source, placeholder, changes, series, lines } = await start();
  expect(source.certificate).toBe(placeholder);
  expect(source.problems()).toEqual(['the certificate has not been read from the cluster yet']);
  await until(() => source.problems().length === 0);
  expect(changes).toEqual([source.certificate]);
  const stored = store.get<{ data?: Readonly<Record<string, string>> }>(secretPath('ns'));
  expect(Buffer.from(stored?.data?.['tls.crt'] ?? '', 'base64').toString()).toBe(source.certificate.cert);
  expect(await series()).toEqual([
    'certificate_rotations_total{result="success"} 1',
    'certificate_rotations_total{result="failure"} 0',
    'leader 1',
    'ca_bundle_in_sync 1',
    'webhook_configuration_present{webhook="mutate.podwright.dev"} 1',
    'webhook_configuration_present{webhook="pods.validate.podwright.dev"} 0',
    'webhook_configuration_present{webhook="workloads.validate.podwright.dev"} 0',
    'webhook_configuration_present{webhook="policy.validate.podwright.dev"} 0',
  ]);
  expect(lines.map(({ msg }) => msg)).toContain('new connections use the new certificate');
});

test('what is not known yet is no series', async () => {
  const { series } = await start();
  expect((await series()).filter((line) => /^(ca_|webhook_)/.test(line))).toEqual([]);
});

test.each([
  [{ hosts: ['203.0.113.7'] }, 'IP Address:203.0.113.7'],
  [
    { service: 'podwright', hosts: ['webhook.example.com'] },
    'DNS:podwright.ns.svc, DNS:webhook.example.com, DNS:podwright, DNS:podwright.ns',
  ],
  [
    { service: 'podwright', clusterDomain: 'cluster.local', hosts: [] },
    'DNS:podwright.ns.svc, DNS:podwright, DNS:podwright.ns, DNS:podwright.ns.svc.cluster.local',
  ],
])('a certificate for %j has these names', async (options, names) => {
  const { source } = await start(options);
  await until(() => source.problems().length === 0);
  expect(new X509Certificate(source.certificate.cert).subjectAltName).toBe(names);
});

test('an authority is named after the installation, as far as a common name goes', async () => {
  const namespace = 'n'.repeat(63);
  const { source } = await start({ namespace, hosts: ['a'] });
  await until(() => source.problems().length === 0);
  expect(new X509Certificate(source.certificate.cert).issuer).toBe(`CN=podwright ${'n'.repeat(54)}`);
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chart, helms } from '../chart/support/helm.ts';
import { definitionsOf, hasDefinitions } from '../support/neighbor-definitions.ts';
import { inNode, kubectlOf, type Printed, wanted } from './support/kubectl.ts';
import { until } from './support/until.ts';

const namespace = 'podwright-system';
const root = join(import.meta.dirname, '../..');
const manifest = readFileSync(join(root, 'deploy/podwright.yaml'), 'utf8');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const offSwitch = 'delete mutatingwebhookconfiguration,validatingwebhookconfiguration podwright';

/** kubectl sends the selector of a PodDisruptionBudget whether or not it has changed: it is replaced as a whole. */
const alwaysSent = 'poddisruptionbudget.policy/podwright configured';

const kubectl = kubectlOf(namespace);
const send = (text: string, ...args: string[]): Promise<Printed> =>
  wanted(inNode(['kubectl', ...args, '-f', '-'], text));
const lines = ({ stdout }: Printed): string[] => stdout.trim().split('\n');

describe('kubectl apply, without Helm', () => {
  test('creates everything, and changes nothing the second time', async () => {
    const made = lines(await send(manifest, 'apply'));
    expect(made.length).toBe(manifest.split(/^---$/m).length);
    expect(made.filter((line) => !line.endsWith(' created'))).toEqual([]);
    await fill();
    const again = lines(await send(manifest, 'apply'));
    expect(again.filter((line) => !line.endsWith(' unchanged'))).toEqual([alwaysSent]);
    const { data } = await kubectl.get<{ data?: object }>('secret', 'podwright-certificate');
    expect(data).toEqual({ 'tls.crt': 'Y3J0' });
  });

  test('its Pod passes the admission of its own namespace', async () => {
    const failures = 'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}';
    await until('Pods', async () => (await kubectl('get', 'pods', '-o', 'name')).stdout !== '');
    expect((await kubectl('get', 'deployment/podwright', '-o', failures)).stdout).toBe('');
  });

  test('running workloads can be checked with the documented command', async () => {
    const [, get = '', audit = ''] = /^(kubectl get .*) \| (podwright audit -)$/m.exec(page) ?? [];
    const { stdout: input } = await wanted(inNode(get.split(' ')));
    const { stdout } = spawnSync(execPath, ['src/main.ts', ...audit.split(' ').slice(1)], { cwd: root, input });
    expect(stdout.toString()).toMatch(/^\d+ subjects?: /m);
  });

  test('the off-switch of the documentation works, and applying again brings it back', async () => {
    expect(page).toContain(`\`\`\`sh\nkubectl ${offSwitch}\n\`\`\``);
    await wanted(kubectl(...offSwitch.split(' ')));
    const again = lines(await send(manifest, 'apply'));
    expect(again.filter((line) => !line.endsWith(' unchanged'))).toEqual([
      alwaysSent,
      'mutatingwebhookconfiguration.admissionregistration.k8s.io/podwright created',
      'validatingwebhookconfiguration.admissionregistration.k8s.io/podwright created',
    ]);
  });

  test('deleting it leaves nothing', async () => {
    await send(manifest, 'delete', '--timeout=120s');
    const everything = 'namespaces,clusterroles,clusterrolebindings,validatingwebhookconfigurations';
    const { stdout } = await wanted(kubectl('get', `${everything},mutatingwebhookconfigurations`, '-o', 'name'));
    expect(stdout.split('\n').filter((name) => name.includes('podwright'))).toEqual([]);
  });
});

/** As the program does. */
async function fill(): Promise<void> {
  const content = JSON.stringify({ data: { 'tls.crt': 'Y3J0' } });
  await wanted(kubectl('patch', 'secret/podwright-certificate', '--type=merge', '--patch', content));
}

const neededDefinitions = (): string =>
  definitionsOf(
    'cert-manager.io_certificates',
    'cert-manager.io_issuers',
    'monitoring.coreos.com_prometheusrules',
    'monitoring.coreos.com_servicemonitors',
  );
const everything = {
  monitoring: { serviceMonitor: true, alerts: true, dashboard: true },
  certificates: { mode: 'cert-manager' },
};
const variants = [
  {},
  { mode: 'enforce', hostNetwork: true, replicas: 1, policy: { extends: 'strict' } },
  {
    certificates: { mode: 'existing-secret', existingSecret: { name: 'mine' } },
    webhooks: { annotations: { a: 'b' } },
  },
  { labels: { a: 'b' }, annotations: { c: 'd' }, podLabels: { e: 'f' }, nodeSelector: {}, priorityClassName: '' },
  ...(hasDefinitions ? [everything] : []),
];

describe.skipIf(helms.length === 0)('the API server accepts the rendered chart', () => {
  beforeAll(async () => {
    await until(
      'the namespace to be gone',
      async () => (await kubectl('get', `namespace/${namespace}`)).code !== 0,
      60,
    );
    await wanted(inNode(['kubectl', 'create', 'namespace', namespace]));
    if (!hasDefinitions) return;
    const text = neededDefinitions();
    await send(text, 'create');
    await send(text, 'wait', '--for=condition=Established', '--timeout=60s');
  });
  afterAll(async () => {
    await wanted(inNode(['kubectl', 'delete', 'namespace', namespace]));
    if (hasDefinitions) await send(neededDefinitions(), 'delete');
  });

  test.each(variants)('%j', async (values) => {
    // the Pod of helm test needs its ServiceAccount, which does not exist in a dry run; e2e/modes.test.ts runs it
    const flags = ['--namespace', namespace, '--kube-version', '1.36.0', '--skip-tests', '--values', '-'];
    const rendered = spawnSync('helm', ['template', 'podwright', chart, ...flags], {
      encoding: 'utf8',
      input: JSON.stringify(values),
    });
    expect(rendered.stderr).toBe('');
    const made = lines(await send(rendered.stdout, 'create', '--dry-run=server'));
    expect(made.length).toBe(rendered.stdout.match(/^kind: /gm)?.length);
    expect(made.filter((line) => !line.endsWith(' created (server dry run)'))).toEqual([]);
  });
});

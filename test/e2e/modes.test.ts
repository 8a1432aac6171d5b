import type { V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Status } from '../../src/status/status.ts';
import { creationEvents, ownAnnotations } from '../apiserver/support/audit-log.ts';
import { inNode, type Kubectl, kubectlIn, wanted } from '../apiserver/support/kubectl.ts';
import { deployment, pod } from '../apiserver/support/podwright.ts';
import { until } from '../apiserver/support/until.ts';
import { install, logsOf, podsOf, type Release, untilPolicyIs, untilSettled } from './support/release.ts';
import { privilegedPod } from './support/traffic.ts';

async function statusIn({ kubectl: inRelease }: Release): Promise<Status> {
  const { data } = await inRelease.get<V1ConfigMap>('configmap', 'podwright-status');
  return JSON.parse(data?.['status.json'] ?? '{"namespaces":[]}') as Status;
}

const namespace = 'modes';
let release: Release;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  release = await install('podwright-system');
});
afterAll(() => release.uninstall());

test('two Pods are ready, and helm test passes', async () => {
  expect((await podsOf(release)).length).toBe(2);
  await release.helm('test', 'podwright');
});

test('under audit nothing is changed, denied or reported to users', async () => {
  for (const [name, object] of Object.entries({ poor: pod('poor'), privileged: privilegedPod('privileged') })) {
    const created = await kubectl.send(object, 'create', '-f', '-');
    expect(created).toEqual({ code: 0, stdout: `pod/${name} created\n`, stderr: '' });
    const stored = await kubectl.get('pod', name);
    expect(stored.metadata.annotations).toBeUndefined();
    expect(stored.spec.containers[0]).not.toHaveProperty('securityContext.allowPrivilegeEscalation');
  }
  const applied = await kubectl.send(deployment('web', 1, privileged), 'apply', '-f', '-');
  expect(applied).toEqual({ code: 0, stdout: 'deployment.apps/web created\n', stderr: '' });
});

test('but it is recorded: in the audit log of the API server, in our log and in our metrics', async () => {
  const events = await creationEvents(namespace);
  const event = events.find(({ objectRef }) => objectRef.name === 'privileged');
  expect(event && ownAnnotations(event)).toMatchObject({
    'mutate.podwright.dev/patch': expect.stringContaining('"op":"add"'),
    'pods.validate.podwright.dev/findings': expect.stringContaining('no-privileged-containers'),
    'pods.validate.podwright.dev/verdict': 'audit_deny',
  });
  const decisions = (await logsOf(release))
    .flatMap((log) => log.split('\n').filter((line) => line.includes('"event":"admission"')))
    .map((line) => JSON.parse(line) as { namespace: string; name: string; webhook: string; verdict: string });
  expect(decisions).toContainEqual(
    expect.objectContaining({
      namespace,
      name: 'privileged',
      webhook: 'pods.validate.podwright.dev',
      verdict: 'audit_deny',
    }),
  );
  expect(await metrics()).toMatch(
    /^podwright_admission_requests_total\{webhook="pods\.validate\.podwright\.dev",operation="CREATE",verdict="audit_deny",dry_run="false"\} [1-9]/m,
  );
});

test('an upgrade to enforce denies and repairs', async () => {
  await release.upgrade('--set', 'mode=enforce');
  await untilPolicyIs('enforce', release);
  const denied = await kubectl.send(privilegedPod('denied'), 'create', '-f', '-');
  expect(denied.code).toBe(1);
  expect(denied.stderr).toMatch(/admission webhook "pods\.validate\.podwright\.dev" denied the request: /);
  expect(denied.stderr).toContain('(no-privileged-containers)');
  const repaired = await kubectl.create(pod('repaired'));
  expect(repaired.metadata.annotations?.['podwright.dev/fixed']).toContain('no-privilege-escalation');
  expect(repaired.spec.containers[0]).toHaveProperty('securityContext.allowPrivilegeEscalation', false);
  await wanted(kubectl('wait', '--for=condition=Ready', 'pod/repaired', '--timeout=60s'));
});

test('a Deployment that would get no Pods is denied at once', async () => {
  const denied = await kubectl.send(deployment('shop', 1, privileged), 'apply', '-f', '-');
  expect(denied.code).toBe(1);
  expect(denied.stderr).toMatch(/admission webhook "workloads\.validate\.podwright\.dev" denied the request: /);
  expect(denied.stderr).toContain('Deployment modes/shop is refused');
  expect(denied.stderr).toContain('spec.template.spec.containers[0].securityContext.privileged');
  await release.helm('test', 'podwright');
});

// each replica may take a minute to add its requests, and the leader another one to write the sum
test('the status counts the requests to both replicas', { timeout: 180_000 }, async () => {
  let status = await statusIn(release);
  const inNamespace = () => status.namespaces.find(({ name }) => name === namespace);
  await until(
    'the status',
    async () => {
      status = await statusIn(release);
      const { denied = 0, repaired = 0, wouldDeny = 0 } = inNamespace() ?? {};
      return denied >= 2 && repaired >= 1 && wouldDeny >= 2;
    },
    150,
  );
  expect(status).toMatchObject({ replicas: { ready: 2, desired: 2 }, policy: { mode: 'enforce', problems: [] } });
  expect(inNamespace()?.mode).toBe('enforce');
});

test.each(['as it was installed', 'edited by kubectl'])(
  'a policy %s: an upgrade to an invalid one changes nothing',
  async (which) => {
    if (which === 'edited by kubectl')
      await wanted(release.kubectl('patch', 'configmap', 'podwright-policy', '--type=merge', '-p', editedPolicy));
    const before = await generations();
    const exemption = {
      name: 'cni',
      rules: ['no-host-network'],
      match: { namespaces: ['x'] },
      expires: '2026-02-30',
      reason: 'r',
      owner: 'o',
    };
    const values = ['--set', 'logLevel=debug', '--set-json', `policy.exemptions=[${JSON.stringify(exemption)}]`];
    await expect(release.upgrade(...values)).rejects.toThrow(
      'ConfigMap podwright-system/podwright-policy-check is refused, because its policy is invalid: policy.yaml:',
    );
    expect(await generations()).toEqual(before);
  },
);

test('an invalid policy is denied, and Pods start even if one was stored', async () => {
  const patch = (text: string) =>
    release.kubectl(
      'patch',
      'configmap',
      'podwright-policy',
      '--type=merge',
      '-p',
      JSON.stringify({ data: { 'policy.yaml': text } }),
    );
  const wrong = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmod: enforce\n';
  const problem = 'policy.yaml:3:1: mod: unknown key; did you mean "mode"?';
  expect((await patch(wrong)).stderr).toBe(
    `Error from server (Forbidden): admission webhook "policy.validate.podwright.dev" denied the request: ConfigMap podwright-system/podwright-policy is refused, because its policy is invalid: ${problem}\nThe policy in force stays. To check a policy beforehand: podwright policy check FILE\n`,
  );
  await wanted(release.kubectl('delete', 'validatingwebhookconfiguration', 'podwright'));
  await until('a wrong policy to get in', async () => (await patch(wrong)).code === 0);
  const before = await podsOf(release);
  await wanted(release.kubectl('delete', 'pods', '--selector', 'app.kubernetes.io/name=podwright'));
  await untilSettled(release);
  const pods = await podsOf(release);
  const uids = new Set(before.map(({ metadata }) => metadata.uid));
  expect(
    pods.map(({ metadata, status }) => [uids.has(metadata.uid), status.containerStatuses?.[0]?.restartCount]),
  ).toEqual([
    [false, 0],
    [false, 0],
  ]);
  for (const log of await logsOf(release)) {
    expect(log).toContain('the policy file is invalid; started with the last valid policy');
    expect(log).toContain('"msg":"serving"');
  }
  await until('an Event on the Deployment', async () => {
    const { stdout } = await release.kubectl(
      'get',
      'events',
      '--field-selector=reason=PolicyInvalid,involvedObject.kind=Deployment',
    );
    return stdout.includes(problem);
  });
});

/** Another text than that of the values, with the same verdicts. */
const editedPolicy = JSON.stringify({
  data: {
    'policy.yaml': 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: enforce\nmessages: { contact: me }\n',
  },
});

/** What an upgrade would change: the policy's text, the Deployment and the webhooks. */
async function generations(): Promise<readonly unknown[]> {
  const { data } = await release.kubectl.get<{ data: unknown }>('configmap', 'podwright-policy');
  const { metadata } = await release.kubectl.get<{ metadata: { generation: number } }>('deployment', 'podwright');
  const webhooks = await release.kubectl.get<{ metadata: { generation: number } }>(
    'validatingwebhookconfiguration',
    'podwright',
  );
  return [data, metadata.generation, webhooks.metadata.generation];
}

const privileged = { container: { securityContext: { privileged: true } } };

/** Of all Pods of the release, one after the other. */
async function metrics(): Promise<string> {
  const pods = await podsOf(release);
  const all = await Promise.all(
    pods.map(({ metadata }) => {
      const path = `/api/v1/namespaces/${release.kubectl.namespace}/pods/${metadata.name}:9090/proxy/metrics`;
      return wanted(inNode(['kubectl', 'get', '--raw', path]));
    }),
  );
  return all.map(({ stdout }) => stdout).join('\n');
}

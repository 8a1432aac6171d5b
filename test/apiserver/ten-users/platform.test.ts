import { beforeAll, describe, expect, test } from 'vitest';
import { inNode, kubectlOf, type Printed, type StoredPod, wanted } from '../support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from '../support/podwright.ts';
import { until } from '../support/until.ts';
import { admittedAs, repaired, sharedPolicy } from './shared-policy.ts';

let podwright: Podwright;

beforeAll(async () => {
  podwright = await startPodwright(sharedPolicy);
  return podwright.stop;
});

/** Applies a namespace of this mode and what is in it, as one list. */
function applyAll(
  namespace: string,
  mode: string | undefined,
  ...objects: readonly { readonly metadata: object; readonly spec?: object }[]
): Promise<Printed> {
  const labels = mode === undefined ? {} : { 'podwright.dev/mode': mode };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    ...objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } })),
  ];
  return inNode(['kubectl', 'apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

const limitRange = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'defaults' },
  spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '10m' }, default: { memory: '64Mi' } }] },
};
const lean = deployment('web', 1, { container: { resources: {} } });

describe('a platform engineer who applies a namespace with all that is in it', () => {
  test('has it validated with the LimitRange that was applied with it', async () => {
    const applied = await applyAll('ten-new-limits', 'enforce', limitRange, lean);
    expect(applied).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "namespace/ten-new-limits created
      limitrange/defaults created
      deployment.apps/web created
      ",
      }
    `);
    const kubectl = kubectlOf('ten-new-limits');
    await wanted(kubectl('rollout', 'status', 'deployment/web', '--timeout=60s'));
    const { items } = await kubectl.get<{ items: StoredPod[] }>('pods');
    expect(items.map(admittedAs)).toMatchObject([{ pod: repaired.pod, containers: repaired.containers }]);
    expect(items).toMatchObject([
      {
        spec: { containers: [{ resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '64Mi' } } }] },
      },
    ]);
    const [decision] = await podwright.decisionsOn('ten-new-limits', 'web', 1);
    const repairs = ['no-privilege-escalation', 'require-seccomp-profile'];
    expect(decision).toMatchObject({ kind: 'Deployment', verdict: 'allow', fixed: repairs });
    expect(decision?.findings.map(({ rule }) => rule)).toEqual(repairs);
  });

  test('is denied in a strict one for values that no LimitRange sets', async () => {
    expect(await applyAll('ten-new-strict', 'enforce', lean)).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "workloads.validate.podwright.dev" denied the request: Deployment ten-new-strict/web is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.template.spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request
      ",
        "stdout": "namespace/ten-new-strict created
      ",
      }
    `);
  });

  test('is warned in one that warns', async () => {
    expect(await applyAll('ten-new-warned', 'warn', lean)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": set securityContext.allowPrivilegeEscalation: false (no-privilege-escalation)
      Warning: podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
      Warning: podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
      Warning: podwright: no seccomp profile for "app"; set seccompProfile.type: RuntimeDefault on the Pod (require-seccomp-profile)
      ",
        "stdout": "namespace/ten-new-warned created
      deployment.apps/web created
      ",
      }
    `);
  });

  test('sees nothing in one that is audited', async () => {
    expect(await applyAll('ten-new-audited', undefined, lean)).toEqual({
      code: 0,
      stdout: 'namespace/ten-new-audited created\ndeployment.apps/web created\n',
      stderr: '',
    });
  });

  test('gets the correct verdict every time', async () => {
    const rounds = Array.from({ length: 4 }, (_, round) => round);
    const codes = await Promise.all(
      rounds.map(async (round) => {
        const [allowed, refused] = await Promise.all([
          applyAll(`ten-many-limits-${round}`, 'enforce', limitRange, { ...lean, spec: { ...lean.spec, replicas: 0 } }),
          applyAll(`ten-many-strict-${round}`, 'enforce', lean),
        ]);
        return [allowed.code, refused.code];
      }),
    );
    expect(codes).toEqual(rounds.map(() => [0, 1]));
  });
});

describe('a platform engineer who', () => {
  const namespace = 'ten-relabelled';
  const kubectl = kubectlOf(namespace);
  const bad = pod('bad', { container: { resources: {} } });
  const probe = () => kubectl.send(bad, 'create', '--dry-run=server', '-f', '-');
  /** What a Pod without requests comes to. */
  const outcome = async (): Promise<string> => {
    const { code, stderr } = await probe();
    if (code === 1) return stderr.includes('(require-cpu-request)') ? 'refused' : stderr;
    return stderr === '' ? 'nothing' : 'warned';
  };

  test('relabels a namespace finds its new label in force', async () => {
    await wanted(applyAll(namespace, undefined));
    await until('the service account', async () => (await kubectl('get', 'serviceaccount', 'default')).code === 0);
    expect(await outcome()).toBe('nothing');
    for (const [label, expected] of [
      ['podwright.dev/mode=warn', 'warned'],
      ['podwright.dev/mode=enforce', 'refused'],
      ['podwright.dev/mode-', 'nothing'],
      ['podwright.dev/mode=enforce', 'refused'],
    ] as const) {
      await wanted(kubectl('label', '--overwrite', 'namespace', namespace, label));
      await until(`${label} to hold`, async () => (await outcome()) === expected, 5);
    }
  });

  test('changes the policy finds it in force, and a mistake not', async () => {
    const hashOf = async (): Promise<string | undefined> => {
      await probe();
      await podwright.answered();
      return podwright.decisions.findLast((one) => one.namespace === namespace)?.policy;
    };
    const first = await hashOf();
    await podwright.writePolicy(sharedPolicy.replace('mode: audit\n', 'mode: adit\n'));
    await until('the mistake to be counted', async () =>
      (await podwright.metrics()).includes('\npodwright_policy_reloads_total{result="failure"} 1\n'),
    );
    expect(await hashOf()).toBe(first);
    expect(await outcome()).toBe('refused');
    const lenient = `${sharedPolicy}- name: relabelled
  rules: [require-cpu-request]
  match: { namespaces: [${namespace}] }
  reason: is moved
  owner: team-platform
`;
    await podwright.writePolicy(lenient);
    await until('the new policy', async () => (await outcome()) === 'warned', 5);
    expect(await hashOf()).not.toBe(first);
    await podwright.writePolicy(sharedPolicy);
    await until('the old policy', async () => (await outcome()) === 'refused', 5);
    expect(await hashOf()).toBe(first);
  });
});

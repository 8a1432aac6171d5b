import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Kubectl, kubectlIn, type Printed, type StoredPod, wanted } from '../support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from '../support/podwright.ts';
import { until } from '../support/until.ts';
import { admittedAs, namespaceOf, sharedPolicy, untouched } from './shared-policy.ts';

let podwright: Podwright;

beforeAll(async () => {
  podwright = await startPodwright(sharedPolicy);
  return podwright.stop;
});

describe('a workload for Windows', () => {
  const onWindows = { os: { name: 'windows' }, nodeSelector: { 'kubernetes.io/os': 'windows' } };
  let kubectl: Kubectl;

  beforeAll(async () => {
    kubectl = await namespaceOf('ten-windows', 'enforce');
  });

  test('gets no field that Windows does not have, and waits for its node', async () => {
    const applied = await kubectl.send(deployment('iis', 1, { spec: onWindows }), 'apply', '-f', '-');
    expect(applied).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
      ",
        "stdout": "deployment.apps/iis created
      ",
      }
    `);
    const pods = async () => (await kubectl.get<{ items: StoredPod[] }>('pods', '-l', 'app=iis')).items;
    await until('the Pod', async () => (await pods()).length === 1);
    const [stored] = (await pods()) as [StoredPod];
    expect(admittedAs(stored)).toEqual(untouched);
    expect(stored.status.phase).toBe('Pending');
    const [decision] = await podwright.decisionsOn('ten-windows', stored.metadata.name, 1);
    expect(decision).toMatchObject({ verdict: 'allow', fixed: [] });
    expect(decision?.findings.map(({ rule }) => rule)).toEqual(['require-memory-limit']);
  });

  test('is denied for settings that take over the node', async () => {
    const securityContext = { windowsOptions: { hostProcess: true, runAsUserName: String.raw`NT AUTHORITY\SYSTEM` } };
    const agent = pod('agent', { spec: { ...onWindows, hostNetwork: true, securityContext } });
    expect(await kubectl.send(agent, 'create', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod ten-windows/agent is refused by 2 rules: no-host-process, no-host-network
        hostProcess is true and runs on the Windows node itself; remove it (a node agent needs an
          exemption) (no-host-process)
          spec.securityContext.windowsOptions.hostProcess
        hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
          (no-host-network)
          spec.hostNetwork
      Why and how: podwright explain no-host-process
      ",
        "stdout": "",
      }
    `);
  });
});

describe('those who debug', () => {
  let kubectl: Kubectl;
  let developer: Kubectl;
  let engineer: Kubectl;
  let before: StoredPod;

  beforeAll(async () => {
    kubectl = await kubectlIn('ten-debug');
    const everything = ['--clusterrole=cluster-admin', '--user=dev', '--group=sre'];
    await wanted(kubectl('create', 'rolebinding', 'all', ...everything));
    developer = kubectl.as('dev');
    engineer = kubectl.as('eve', 'sre');
    // bad in every way, from a time when the namespace was only audited
    await kubectl.create(
      pod('old', { container: { resources: {}, command: ['sh', '-c', 'echo it works; sleep infinity'] } }),
    );
    await wanted(kubectl('wait', '--for=condition=Ready', 'pod/old', '--timeout=60s'));
    before = await kubectl.get('pod', 'old');
    await wanted(kubectl('label', 'namespace', 'ten-debug', 'podwright.dev/mode=enforce'));
    await until('enforcement', async () => {
      const { code } = await kubectl.send(
        pod('bad', { container: { resources: {} } }),
        'create',
        '--dry-run=server',
        '-f',
        '-',
      );
      return code === 1;
    });
  });

  const debug = (who: Kubectl, profile: string, container: string): Promise<Printed> => {
    const flags = [`--image=${inject('image')}`, `--profile=${profile}`, `--container=${container}`];
    return who('debug', 'pod/old', ...flags, '--', 'sleep', 'infinity');
  };
  const running = async (container: string): Promise<void> => {
    const started = `jsonpath={.status.ephemeralContainerStatuses[?(@.name=="${container}")].state.running.startedAt}`;
    await wanted(kubectl('wait', `--for=${started}`, 'pod/old', '--timeout=60s'));
  };
  const ephemeral = async (container: string): Promise<object | undefined> => {
    const { spec } = await kubectl.get('pod', 'old');
    return spec.ephemeralContainers?.find((one) => (one as { name: string }).name === container);
  };

  test('can exec and read logs as usual', async () => {
    expect(await developer('exec', 'old', '--', 'echo', 'hello')).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
    expect(await developer('logs', 'old')).toEqual({ code: 0, stdout: 'it works\n', stderr: '' });
  });

  test('may be anybody with an ordinary container, which is repaired, in whatever Pod', async () => {
    expect(await debug(developer, 'general', 'shell')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "",
      }
    `);
    await running('shell');
    expect(await ephemeral('shell')).toHaveProperty('securityContext', {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['SYS_PTRACE'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const { spec } = await kubectl.get('pod', 'old');
    expect({ ...spec, ephemeralContainers: undefined }).toEqual({ ...before.spec, ephemeralContainers: undefined });
  });

  test('are refused a privileged container', async () => {
    expect(await debug(developer, 'sysadmin', 'debugger-1')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): admission webhook "pods.validate.podwright.dev" denied the request: Pod ten-debug/old is refused by 1 rule: no-privileged-containers
        container "debugger-1": is privileged; remove securityContext.privileged and add only the
          capabilities it needs (no-privileged-containers)
          spec.ephemeralContainers[1].securityContext.privileged
      Why and how: podwright explain no-privileged-containers
      ",
        "stdout": "",
      }
    `);
  });

  test('get it when they are of the group, on record', async () => {
    expect(await debug(engineer, 'sysadmin', 'debugger-1')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "",
      }
    `);
    expect(await ephemeral('debugger-1')).toHaveProperty('securityContext', { privileged: true });
    const decision = (await podwright.decisionsOn('ten-debug', 'old', 1)).findLast(({ user }) => user === 'eve');
    expect(decision).toMatchObject({
      webhook: 'pods.validate.podwright.dev',
      operation: 'UPDATE',
      verdict: 'allow',
      exempt: ['no-privileged-containers', 'require-seccomp-profile'].map((rule) => ({ rule, exemption: 'debugging' })),
    });
  });

  test('are of the group for their containers only', async () => {
    expect((await debug(engineer, 'sysadmin', 'shell-2')).code).toBe(1);
    const bad = pod('eves', { container: { name: 'debugger-1', resources: {} }, spec: { hostNetwork: true } });
    expect((await engineer.send(bad, 'create', '--dry-run=server', '-f', '-')).code).toBe(0);
    const { containers } = pod('', { container: { resources: {} } }).spec;
    const mixed = pod('mixed', { container: { name: 'debugger-1' }, spec: {} });
    const both = {
      ...mixed,
      spec: { ...mixed.spec, hostNetwork: true, containers: [...mixed.spec.containers, ...containers] },
    };
    expect((await engineer.send(both, 'create', '-f', '-')).stderr).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod ten-debug/mixed is refused by 2 rules: no-host-network, require-cpu-request
        hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
          (no-host-network)
          spec.hostNetwork
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[1].resources.requests.cpu
      Why and how: podwright explain no-host-network
      "
    `);
  });
});

import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Kubectl, kubectlIn, type StoredPod, wanted } from './support/kubectl.ts';
import { expectAllPatchesApplied } from './support/patches.ts';
import { deployment, type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'controllers';
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright();
  return podwright.stop;
});

const asUser = { securityContext: { runAsUser: 1000 } };
const port = { ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] };

describe('the Pods of a Deployment', () => {
  let running: StoredPod;

  test('are repaired, and run', async () => {
    const web = deployment('web', 2, { spec: asUser, container: port });
    expect((await kubectl.send(web, 'apply', '-f', '-')).stdout).toBe('deployment.apps/web created\n');
    await wanted(kubectl('rollout', 'status', 'deployment/web', '--timeout=60s'));
    const { items } = await kubectl.get<{ items: StoredPod[] }>('pods', '-l', 'app=web');
    expect(items.map(({ status }) => status.phase)).toEqual(['Running', 'Running']);
    for (const { metadata, spec } of items) {
      expect(metadata.annotations).toEqual({ 'podwright.dev/fixed': allFixes });
      expect(spec).toMatchObject({
        terminationGracePeriodSeconds: 40,
        securityContext: { runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            lifecycle: { preStop: { sleep: { seconds: 10 } } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true },
          },
        ],
      });
    }
    running = items[0] as StoredPod;
  });

  test('are what the templates of the Deployment and its ReplicaSet are evaluated as', async () => {
    const [{ metadata } = running] = (await kubectl.get<{ items: StoredPod[] }>('replicasets', '-l', 'app=web')).items;
    for (const name of ['web', metadata.name]) {
      const [decision] = await podwright.decisionsOn(namespace, name, 1);
      expect(decision).toMatchObject({ webhook: 'workloads.validate.podwright.dev', verdict: 'allow' });
    }
  });

  test('leave its template as it was', async () => {
    const { spec } = await kubectl.get<{ spec: { template: StoredPod } }>('deployment', 'web');
    const [container] = spec.template.spec.containers;
    expect(spec.template.metadata).toEqual({ labels: { app: 'web' } });
    expect(spec.template.spec).toMatchObject({ terminationGracePeriodSeconds: 30, ...asUser });
    expect(Object.keys(container ?? {})).not.toContain('securityContext');
  });

  test('can be debugged: the new container is repaired, and runs', async () => {
    const { name } = running.metadata;
    const debug = ['--image', inject('image'), '--container', 'debugger', '--profile', 'general'];
    await wanted(kubectl('debug', `pod/${name}`, ...debug, '--', 'sleep', 'infinity'));
    const started = '--for=jsonpath={.status.ephemeralContainerStatuses[0].state.running.startedAt}';
    await wanted(kubectl('wait', started, `pod/${name}`, '--timeout=60s'));
    const { spec, metadata } = await kubectl.get('pod', name);
    expect(spec.ephemeralContainers).toMatchObject([
      {
        name: 'debugger',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['SYS_PTRACE'] }, runAsNonRoot: true },
      },
    ]);
    expect({ ...spec, ephemeralContainers: undefined }).toEqual({ ...running.spec, ephemeralContainers: undefined });
    expect(metadata.annotations).toEqual({ 'podwright.dev/fixed': allFixes });
  });
});

const allFixes = 'drop-all-capabilities,no-privilege-escalation,pre-stop-sleep,require-seccomp-profile,run-as-non-root';

test('the Pod of a Job runs to its end, without a preStop hook', async () => {
  const spec = { ...pod('', { container: { ...port, command: ['true'] } }).spec, restartPolicy: 'Never' };
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec: { template: { spec } } };
  expect((await kubectl.send(job, 'create', '-f', '-')).stdout).toBe('job.batch/once created\n');
  await wanted(kubectl('wait', '--for=condition=complete', 'job/once', '--timeout=60s'));
  const { items } = await kubectl.get<{ items: StoredPod[] }>('pods', '-l', 'job-name=once');
  expect(items.map(({ metadata }) => metadata.annotations)).toEqual([
    { 'podwright.dev/fixed': 'no-privilege-escalation,require-seccomp-profile' },
  ]);
});

test('the API server applies every patch', () => expectAllPatchesApplied(podwright, namespace));

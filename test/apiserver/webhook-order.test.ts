import { beforeAll, describe, expect, test } from 'vitest';
import { type Injector, startInjector } from './support/injector.ts';
import { type Kubectl, kubectlIn } from './support/kubectl.ts';
import { deployment, pod, startPodwright } from './support/podwright.ts';
import { until } from './support/until.ts';

interface Stored {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly { readonly name: string; readonly lifecycle?: object }[];
  };
}

const namespace = 'webhook-order';
const serving = { container: { ports: [{ name: 'http', containerPort: 8080 }], securityContext: { runAsUser: 1000 } } };
const sleep = (seconds: number) => ({ preStop: { sleep: { seconds } } });
let kubectl: Kubectl;
let injector: Injector;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  const podwright = await startPodwright();
  injector = await startInjector({ ...pod('').spec.containers[0], name: 'proxy', lifecycle: sleep(25) });
  return () => injector.stop().finally(podwright.stop);
});

/** The API server calls webhooks in the order of these names, and those again whose Pod another one changed. */
describe.each(['before-podwright', 'z-after-podwright'])('a webhook called %s that adds a container', (name) => {
  beforeAll(async () => {
    await injector.register(name, namespace);
    const isAdded = async () => (await kubectl.create(pod('probe'), '--dry-run=server')).spec.containers.length === 2;
    await until('the other webhook', isAdded);
  });

  test('does not change the repairs of a Pod that is applied', async () => {
    expect(repairsOf(await kubectl.create<Stored>(pod('applied', serving), '--dry-run=server'))).toEqual({
      fixed: 'drop-all-capabilities,no-privilege-escalation,pre-stop-sleep,require-seccomp-profile,run-as-non-root',
      grace: 30,
      hooks: { app: sleep(10), proxy: sleep(25) },
    });
  });

  test('does not change the repairs of a Pod of a Deployment, whose grace period covers the longest sleep once', async () => {
    await kubectl.create(deployment(name, 1, serving));
    const pods = async () => (await kubectl.get<{ items: Stored[] }>('pods', '-l', `app=${name}`)).items;
    await until('its Pod', async () => (await pods()).length === 1);
    expect((await pods()).map(repairsOf)).toEqual([
      {
        fixed:
          'drop-all-capabilities,grace-period-covers-pre-stop,no-privilege-escalation,pre-stop-sleep,require-seccomp-profile,run-as-non-root',
        grace: 45,
        hooks: { app: sleep(10), proxy: sleep(25) },
      },
    ]);
  });
});

const repairsOf = ({ metadata: { annotations }, spec }: Stored) => ({
  fixed: annotations?.['podwright.dev/fixed'],
  grace: spec.terminationGracePeriodSeconds,
  hooks: Object.fromEntries(spec.containers.map(({ name, lifecycle }) => [name, lifecycle])),
});

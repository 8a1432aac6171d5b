import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { helms, only, type Rendered, render } from '../chart/support/helm.ts';
import { definitionsOf, hasDefinitions } from '../support/neighbor-definitions.ts';
import { inNode, type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { type Podwright, pod, startPodwright } from './support/podwright.ts';
import { until } from './support/until.ts';

const namespace = 'pod-templates';
const warning =
  'Warning: podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)\n';

/** A kind whose schema allows anything, with its template where CEL cannot name the field. */
const worker = {
  group: 'example.com',
  versions: ['v1'],
  resource: 'workers',
  kind: 'Worker',
  path: 'spec.function.in',
};
const anything = (group: string, version: string, plural: string, kind: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural, singular: kind.toLowerCase(), kind },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});
const policy = {
  extends: 'none',
  rules: { 'require-cpu-request': { mode: 'warn' } },
  podTemplates: [worker],
};
const { spec } = pod('', { container: { resources: {} } });
const template = { metadata: { labels: { app: 'web' } }, spec };
const at = (seconds: number) => ({ ...template, spec: { ...spec, terminationGracePeriodSeconds: seconds } });

let podwright: Podwright;
let kubectl: Kubectl;

/** What the chart registers, but at the address of this server; whatever a condition cannot evaluate is refused. */
function fromChart({ url, caBundle }: Podwright): object {
  const values = { policy, operatorGroups: ['actions.github.com'], webhooks: { workloads: { failurePolicy: 'Fail' } } };
  const rendered = only<Rendered & { readonly webhooks: readonly object[] }>(
    render(values),
    'ValidatingWebhookConfiguration',
  );
  const clientConfig = { url: `${url}/validate`, caBundle };
  return { ...rendered, webhooks: rendered.webhooks.map((webhook) => ({ ...webhook, clientConfig })) };
}

const definitions = [
  JSON.stringify(anything('example.com', 'v1', 'workers', 'Worker')),
  JSON.stringify(anything('actions.github.com', 'v1alpha1', 'autoscalingrunnersets', 'AutoscalingRunnerSet')),
  ...(hasDefinitions ? [definitionsOf('argoproj.io_rollouts')] : []),
];
const define = (...args: string[]) => wanted(inNode(['kubectl', ...args, '-f', '-'], definitions.join('\n---\n')));

describe.skipIf(helms.length === 0)('custom kinds', () => {
  beforeAll(async () => {
    kubectl = await kubectlIn(namespace);
    await define('create');
    await define('wait', '--for=condition=Established', '--timeout=60s');
    podwright = await startPodwright(
      JSON.stringify({ apiVersion: 'podwright.dev/v1alpha1', kind: 'Policy', ...policy }),
    );
    await wanted(kubectl.send(fromChart(podwright), 'apply', '-f', '-'));
    await until('the kind of the policy to be asked about', async () => {
      const probe = {
        apiVersion: 'example.com/v1',
        kind: 'Worker',
        metadata: { name: 'probe' },
        spec: { function: { in: template } },
      };
      return (await kubectl.send(probe, 'create', '--dry-run=server', '-f', '-')).stderr === warning;
    });
  });
  afterAll(async () => {
    await podwright?.stop();
    await define('delete');
  });

  const operationsOn = async (name: string): Promise<string[]> => {
    await podwright.answered();
    return (await podwright.decisionsOn(namespace, name, 0)).map(({ operation }) => operation);
  };

  test.skipIf(!hasDefinitions)('a Rollout is validated on creation and when its template changes', async () => {
    const rollout = (more: object) => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'rollout' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, ...more },
    });
    expect((await kubectl.send(rollout({ template }), 'apply', '-f', '-')).stderr).toBe(warning);
    await wanted(kubectl('label', 'rollout/rollout', 'stage=late'));
    await wanted(kubectl('scale', 'rollout/rollout', '--replicas=3'));
    expect(await operationsOn('rollout')).toEqual(['CREATE']);
    await wanted(kubectl.send(rollout({ template: at(5) }), 'apply', '-f', '-'));
    expect(await operationsOn('rollout')).toEqual(['CREATE', 'UPDATE']);
  });

  test('a kind of the policy as well, and nothing in it can make a condition fail', async () => {
    const replace = (content: object) =>
      kubectl.send(
        {
          apiVersion: 'example.com/v1',
          kind: 'Worker',
          metadata: { name: 'worker' },
          spec: { template: 'gold', ...content },
        },
        'replace',
        '-f',
        '-',
      );
    const first = {
      apiVersion: 'example.com/v1',
      kind: 'Worker',
      metadata: { name: 'worker' },
      spec: { template: 'gold', function: { in: template } },
    };
    expect((await kubectl.send(first, 'create', '-f', '-')).stderr).toBe(warning);
    await wanted(kubectl('label', 'worker/worker', 'stage=late'));
    await wanted(replace({ replicas: 3, function: { in: template } }));
    expect(await operationsOn('worker')).toEqual(['CREATE']);
    for (const odd of [{}, { function: null }, { function: 'x' }, { function: [1] }, { function: { in: 7 } }])
      expect.soft(await replace(odd), JSON.stringify(odd)).toMatchObject({ code: 0, stderr: '' });
    expect((await replace({ function: { in: at(5) } })).stderr).toBe(warning);
  });

  test('a kind of an operator is validated when its spec changes', async () => {
    const runners = (content: unknown) => ({
      apiVersion: 'actions.github.com/v1alpha1',
      kind: 'AutoscalingRunnerSet',
      metadata: { name: 'runners' },
      spec: content,
    });
    const replace = (content: unknown) => kubectl.send(runners(content), 'replace', '-f', '-');
    expect((await kubectl.send(runners({ template }), 'create', '-f', '-')).stderr).toBe(warning);
    await wanted(kubectl('label', 'autoscalingrunnerset/runners', 'stage=late'));
    expect(await operationsOn('runners')).toEqual(['CREATE']);
    for (const odd of [{}, null, 'x', [1], { template: 7 }])
      expect.soft(await replace(odd), JSON.stringify(odd)).toMatchObject({ code: 0, stderr: '' });
    expect((await replace({ template, listenerTemplate: template })).stderr).toBe(warning);
  });
});

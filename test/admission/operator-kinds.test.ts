import { expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { World } from '../../src/admission/world.ts';
import { everythingOn } from '../support/policies.ts';
import { requestFor } from '../support/requests.ts';

const world: World = { policy: everythingOn(), minor: 36 };

const object = (apiVersion: string, kind: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'shop' },
  spec,
});

/** Rule → where its finding is in the object. */
function denialOf(current: object, oldObject?: object): string[] {
  const request = requestFor(current, oldObject && { operation: 'UPDATE', oldObject });
  const { status } = decide('validate', request, world).response;
  return status?.details?.causes.map(({ reason, field }) => `${reason} ${field}`) ?? [];
}

const privileged = { image: 'registry.example/a:1', securityContext: { privileged: true } };

test('a partial Pod is denied for what it specifies, and for nothing that the operator may add', () => {
  const podTemplate = { spec: { hostNetwork: true, containers: [{ name: 'elasticsearch', ...privileged }] } };
  expect(denialOf(object('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', { nodeSets: [{ podTemplate }] }))).toEqual(
    [
      'no-privileged-containers spec.nodeSets[0].podTemplate.spec.containers[0].securityContext.privileged',
      'no-host-network spec.nodeSets[0].podTemplate.spec.hostNetwork',
    ],
  );
});

test('the parts of an assembled Pod are named where they are', () => {
  expect(denialOf(object('tekton.dev/v1', 'Task', { steps: [{ image: 'registry.example/b:1' }, privileged] }))).toEqual(
    ['no-privileged-containers spec.steps[1].securityContext.privileged'],
  );
});

test('a placeholder is not checked, and an operator that adds only probes is not asked for them', () => {
  const container = {
    image: '{{inputs.parameters.image}}',
    resources: { requests: { cpu: '{{inputs.parameters.cpu}}' } },
  };
  const workflow = object('argoproj.io/v1alpha1', 'Workflow', { templates: [{ container }] });
  const found = denialOf(workflow).map((line) => line.split(' ')[0]);
  expect(found).not.toContain('require-cpu-request');
  expect(found).not.toContain('pin-image-tag');
  expect(found).not.toContain('allowed-registries');
  expect(found).toContain('require-memory-limit');
  const spec = { containers: [{ name: 'r', image: 'registry.example/a:1', ports: [{ containerPort: 80 }] }] };
  const cluster = denialOf(object('ray.io/v1', 'RayCluster', { headGroupSpec: { template: { spec } } }));
  expect(cluster.filter((line) => line.includes('Probe'))).toEqual([]);
  expect(cluster.map((line) => line.split(' ')[0])).toContain('require-memory-limit');
});

test('what runs to completion needs no probes or preStop hooks', () => {
  const spec = { containers: [{ name: 'r', image: 'registry.example/a:1', ports: [{ containerPort: 80 }] }] };
  const rules = denialOf(object('actions.github.com/v1alpha1', 'AutoscalingRunnerSet', { template: { spec } })).map(
    (line) => line.split(' ')[0],
  );
  expect(rules).toContain('require-memory-limit');
  expect(rules.filter((rule) => /probe|pre-stop/.test(rule ?? ''))).toEqual([]);
});

test('an update that leaves the Pods as they are is admitted, and so are existing findings', () => {
  const task = (description: string, ...steps: object[]) => object('tekton.dev/v1', 'Task', { description, steps });
  expect(denialOf(task('new', privileged), task('old', privileged))).toEqual([]);
  const second = { image: 'registry.example/c:1', securityContext: { privileged: true } };
  expect(denialOf(task('', privileged, second), task('', privileged))).toEqual([
    'no-privileged-containers spec.steps[1].securityContext.privileged',
  ]);
});

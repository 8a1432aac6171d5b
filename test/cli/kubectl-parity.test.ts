import { describe, expect, test } from 'vitest';
import { type AuditedSubject, audit } from '../../src/audit/audit-report.ts';
import { surroundingsOf } from '../../src/audit/surroundings.ts';
import { isLeft } from '../../src/engine/fate.ts';
import { parseManifests } from '../../src/manifests/read-manifests.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';

const policy = defaultPolicy(rules);
const surroundings = surroundingsOf([], { minor: 36, now: 0, defaultNamespace: 'default' });

const auditText = (text: string): readonly AuditedSubject[] =>
  audit(
    parseManifests('web.yaml', text).manifests.map((manifest) => ({ object: manifest.object, manifest })),
    policy,
    surroundings,
  ).subjects;

/** The findings of one rule that no fix puts right, and what the cluster would not decode. */
const outcomeOf = (rule: string, text: string) => {
  const [subject] = auditText(text);
  return {
    findings: subject?.findings.filter((f) => f.rule.id === rule && isLeft(f)).map(({ objectPath }) => objectPath),
    refused: subject?.typeProblems.map(({ objectPath, message }) => `${objectPath} ${message}`),
  };
};

const specOf = (text: string) => auditText(text)[0]?.evaluation.subject.spec;
const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: ${spec}\n`;
const workload = (spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: ${spec} } }\n`;
const withResources = (resources: string): string =>
  `{ containers: [{ name: app, image: a:1, resources: ${resources} }] }`;

describe('requests', () => {
  test('come from limits, in a Pod and in the Pod that a template becomes', () => {
    const spec = withResources('{ limits: { cpu: 1 } }');
    const passed = { findings: [], refused: [] };
    expect(outcomeOf('require-cpu-request', pod(spec))).toEqual(passed);
    expect(outcomeOf('require-cpu-request', workload(spec))).toEqual(passed);
  });

  test('of null and of zero are none', () => {
    const findings = ['/spec/containers/0/resources/requests/memory'];
    for (const memory of ['null', '"0"', '0'])
      expect(outcomeOf('require-memory-request', pod(withResources(`{ requests: { memory: ${memory} } }`)))).toEqual({
        findings,
        refused: [],
      });
  });
});

describe('scalars', () => {
  const found = { findings: ['/spec/hostNetwork'], refused: [] };
  const passed = { findings: [], refused: [] };
  test.each([
    ['yes', found],
    ['on', found],
    ['True', found],
    ['no', passed],
    ['"true"', { findings: [], refused: ['/spec/hostNetwork is a string; it must be a boolean'] }],
    ['null', passed],
  ])('hostNetwork: %s', (value, outcome) => {
    expect(outcomeOf('no-host-network', pod(`{ hostNetwork: ${value} }`))).toEqual(outcome);
  });

  test('name: y is a boolean, which is no name', () => {
    expect(outcomeOf('no-host-network', pod('{ containers: [{ name: y }] }')).refused).toEqual([
      '/spec/containers/0/name is a boolean; it must be a string',
    ]);
  });

  test('a leading zero means octal', () => {
    expect(specOf(pod('{ terminationGracePeriodSeconds: 010 }'))?.terminationGracePeriodSeconds).toBe(8);
  });
});

describe('fields', () => {
  test('the last of two equal keys counts', () => {
    const text = pod('\n  hostNetwork: false\n  hostNetwork: true');
    expect(outcomeOf('no-host-network', text).findings).toEqual(['/spec/hostNetwork']);
  });

  test('names are case-sensitive: hostnetwork is no field', () => {
    expect(outcomeOf('no-host-network', pod('{ hostnetwork: true }')).findings).toEqual([]);
  });

  test('null counts as absent', () => {
    const spec = '{ containers: null, initContainers: null, securityContext: null, volumes: null }';
    expect(auditText(pod(spec))[0]).toMatchObject({ verdict: 'allow', typeProblems: [] });
    expect(auditText(workload(spec))[0]).toMatchObject({ verdict: 'allow', typeProblems: [] });
  });
});

describe('defaults', () => {
  test('a volume without a source is an emptyDir', () => {
    expect(specOf(pod('{ volumes: [{ name: v }] }'))?.volumes).toEqual([{ name: 'v', emptyDir: {} }]);
  });

  test('the host network is reported once, not for every port as well', () => {
    const spec = '{ hostNetwork: true, containers: [{ name: app, image: a:1, ports: [{ containerPort: 80 }] }] }';
    const about = (text: string): string[] | undefined =>
      auditText(text)[0]
        ?.findings.filter(({ path }) => /host/.test(path))
        .map(({ objectPath }) => objectPath);
    expect(about(pod(spec))).toEqual(['/spec/hostNetwork']);
    expect(about(workload(spec))).toEqual(['/spec/template/spec/hostNetwork']);
  });

  test('a negative grace period becomes 1', () => {
    expect(specOf(pod('{ terminationGracePeriodSeconds: -3 }'))?.terminationGracePeriodSeconds).toBe(1);
  });
});

describe('kinds', () => {
  const names = (text: string): string[] =>
    auditText(text).map(
      ({ object, podPath, position }) => `${position?.line} ${object.kind} ${object.name} ${podPath}`,
    );
  const template = 'template: { spec: { containers: [] } }';

  test('a List gives all its items, each with its line', () => {
    const item = (name: string): string =>
      `- apiVersion: apps/v1\n  kind: Deployment\n  metadata: { name: ${name} }\n  spec: { ${template} }\n`;
    expect(names(`apiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}`)).toEqual([
      '4 Deployment a /spec/template',
      '8 Deployment b /spec/template',
    ]);
  });

  test('a Knative Service has a Pod, a core Service has none', () => {
    const service = (apiVersion: string): string =>
      `apiVersion: ${apiVersion}\nkind: Service\nmetadata: { name: web }\nspec: { ${template} }\n`;
    expect(names(`${service('serving.knative.dev/v1')}---\n${service('v1')}`)).toEqual([
      '1 Service web /spec/template',
    ]);
  });

  test('a CronJob is not asked for preStop hooks', () => {
    const container = '{ name: app, image: a:1, ports: [{ containerPort: 80 }] }';
    const spec = `{ restartPolicy: OnFailure, containers: [${container}] }`;
    const text = `apiVersion: batch/v1\nkind: CronJob\nspec: { jobTemplate: { spec: { template: { spec: ${spec} } } } }\n`;
    expect(names(text)).toEqual(['1 CronJob  /spec/jobTemplate/spec/template']);
    expect(auditText(text)[0]?.evaluation.notApplicable.get('pre-stop-sleep')).toBe('the Pod ends by itself');
  });

  test('a Rollout with a workloadRef has no template', () => {
    const text =
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: { workloadRef: { kind: Deployment, name: web } }\n';
    expect(names(text)).toEqual([]);
  });
});

describe('owners', () => {
  const reference = (kind: string): string =>
    `metadata: { name: x, ownerReferences: [{ apiVersion: apps/v1, kind: ${kind}, name: web, uid: u, controller: true }] }`;

  test('a template of an object with a controller is only recorded', () => {
    const spec = '{ template: { spec: { hostNetwork: true } } }';
    const [subject] = auditText(`apiVersion: apps/v1\nkind: ReplicaSet\n${reference('Deployment')}\nspec: ${spec}\n`);
    expect(subject?.verdict).toBe('allow');
    expect(subject?.findings.map(({ rule, mode }) => `${rule.id} ${mode}`)).toContain('no-host-network audit');
  });

  test('a Pod of a built-in controller is under the ceiling of controllers', () => {
    const text = `apiVersion: v1\nkind: Pod\n${reference('ReplicaSet')}\nspec: { hostNetwork: true }\n`;
    const manifests = parseManifests('web.yaml', text).manifests.map(({ object }) => ({ object }));
    expect(audit(manifests, { ...policy, controllers: 'warn' }, surroundings).subjects[0]?.verdict).toBe('allow');
    expect(audit(manifests, policy, surroundings).subjects[0]?.verdict).toBe('deny');
  });
});

import { describe, expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { Decision } from '../../src/admission/decision.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { projectedOutcomeOf } from '../../src/engine/fate.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import type { PatchOperation } from '../../src/patch/json-patch.ts';
import { onlyRules } from '../support/policies.ts';
import { deploymentObject, podObject, requestFor } from '../support/requests.ts';

const rules = ['no-host-network', 'require-cpu-request', 'no-privilege-escalation', 'pre-stop-sleep'];
const world = { policy: onlyRules(rules), minor: 36 };
const auditing = { ...world, policy: onlyRules(rules, { mode: 'audit' }) };

const good = {
  name: 'app',
  image: 'app:1',
  resources: { requests: { cpu: '1' } },
  securityContext: { allowPrivilegeEscalation: false },
};
const bare = { name: 'app', image: 'app:1', resources: {} };
const onHost = podObject({ hostNetwork: true, containers: [good] });

const validate = (request: AdmissionRequest, on = world): Decision => decide('validate', request, on);
const mutate = (request: AdmissionRequest, on = world): Decision => decide('mutate', request, on);
const patchOf = ({ response }: Decision): PatchOperation[] =>
  response.patch === undefined
    ? []
    : (JSON.parse(Buffer.from(response.patch, 'base64').toString()) as PatchOperation[]);

describe('validating a new Pod', () => {
  test('a denial names kind, namespace, containers, fields and rules, and carries causes', () => {
    const pod = podObject({ hostNetwork: true, containers: [{ ...good, resources: {} }, good] });
    expect(validate(requestFor(pod)).response).toEqual({
      uid: 'f0d9c1b2-0000-4000-8000-000000000001',
      allowed: false,
      auditAnnotations: { verdict: 'deny', findings: 'no-host-network,require-cpu-request' },
      status: {
        code: 403,
        reason: 'Forbidden',
        message: `Pod shop/web is refused by 2 rules: no-host-network, require-cpu-request
  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
    (no-host-network)
    spec.hostNetwork
  container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
    spec.containers[0].resources.requests.cpu
Why and how: podwright explain no-host-network`,
        details: {
          causes: [
            {
              reason: 'no-host-network',
              field: 'spec.hostNetwork',
              message: 'hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)',
            },
            {
              reason: 'require-cpu-request',
              field: 'spec.containers[0].resources.requests.cpu',
              message: 'container "app": requests no cpu; set resources.requests.cpu',
            },
          ],
        },
      },
    });
  });

  test('a compliant Pod is admitted without warnings or annotations', () => {
    const { response, verdict } = validate(requestFor(podObject({ containers: [good] })));
    expect({ response, verdict }).toEqual({
      verdict: 'allow',
      response: { uid: 'f0d9c1b2-0000-4000-8000-000000000001', allowed: true, auditAnnotations: { verdict: 'allow' } },
    });
  });

  test('a generated name is shown as its prefix and a star', () => {
    const pod = podObject({ hostNetwork: true, containers: [good] }, { generateName: 'web-7d9-' });
    expect(validate(requestFor(pod)).response.status?.message.split('\n')[0]).toBe(
      'Pod shop/web-7d9-* is refused by 1 rule: no-host-network',
    );
    const named = podObject(
      { hostNetwork: true, containers: [good] },
      { generateName: 'web-7d9-', name: 'web-7d9-x2x7q' },
    );
    const { response, name } = validate(requestFor(named, { name: 'web-7d9-x2x7q' }));
    expect([response.status?.message.split('\n')[0], name]).toEqual([
      'Pod shop/web-7d9-* is refused by 1 rule: no-host-network',
      'web-7d9-x2x7q',
    ]);
  });

  test('a finding that mutation should have repaired says so', () => {
    const { response } = validate(requestFor(podObject({ containers: [{ ...good, securityContext: {} }] })));
    expect(response.status?.details?.causes.map(({ message }) => message)).toEqual([
      'container "app": may gain privileges; set securityContext.allowPrivilegeEscalation: false; the mutating webhook did not repair it',
    ]);
  });

  test('a dry run gets the same answer', () => {
    const real = validate(requestFor(onHost)).response;
    expect(validate(requestFor(onHost, { dryRun: true })).response).toEqual(real);
  });

  test('findings in mode warn give warnings with containers joined, unless the Pod is denied', () => {
    const warnOnly = { ...world, policy: onlyRules(rules, { mode: 'warn' }) };
    const pod = podObject({ hostNetwork: true, containers: [bare, { ...bare, name: 'proxy' }] });
    const { response, verdict } = validate(requestFor(pod), warnOnly);
    expect({ ...response, verdict }).toEqual({
      uid: 'f0d9c1b2-0000-4000-8000-000000000001',
      allowed: true,
      verdict: 'audit_deny',
      auditAnnotations: {
        verdict: 'audit_deny',
        findings: 'no-host-network,no-privilege-escalation,require-cpu-request',
      },
      warnings: [
        'podwright: hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) (no-host-network)',
        'podwright: container "app" and 1 more: the mutating webhook did not repair it (no-privilege-escalation)',
        'podwright: containers "app", "proxy": requests no cpu; set resources.requests.cpu (require-cpu-request)',
      ],
    });
    expect(validate(requestFor(pod)).response.warnings).toBeUndefined();
  });

  test('audit mode reports to the audit log and not to the user', () => {
    const pod = podObject({ hostNetwork: true, containers: [bare] });
    const decision = validate(requestFor(pod), auditing);
    expect(decision.response).toEqual({
      uid: 'f0d9c1b2-0000-4000-8000-000000000001',
      allowed: true,
      auditAnnotations: {
        verdict: 'audit_deny',
        findings: 'no-host-network,require-cpu-request',
        fixed: 'no-privilege-escalation',
      },
    });
    expect(decision.findings.map((finding) => [finding.rule.id, finding.mode, projectedOutcomeOf(finding)])).toEqual([
      ['no-host-network', 'audit', 'deny'],
      ['no-privilege-escalation', 'audit', 'fix'],
      ['require-cpu-request', 'audit', 'deny'],
    ]);
  });

  test('mode off evaluates nothing', () => {
    const decision = validate(requestFor(onHost), { ...world, policy: onlyRules(rules, { mode: 'off' }) });
    expect([decision.verdict, decision.findings]).toEqual(['allow', []]);
  });

  test('the ceiling over controllers applies to Pods they create, not to claimed owners', () => {
    const relaxed = { ...world, policy: onlyRules(rules, { controllers: 'warn' }) };
    const owned = podObject(onHost['spec'] as object, {
      generateName: 'web-',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: '1', controller: true }],
    });
    const userInfo = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] };
    expect(validate(requestFor(owned, { userInfo }), relaxed).verdict).toBe('audit_deny');
    expect(validate(requestFor(owned), relaxed).verdict).toBe('deny');
    expect(validate(requestFor(owned, { userInfo }), world).owner).toBe('ReplicaSet/web');
  });
});

describe('mirror Pods', () => {
  const mirror = podObject(
    { hostNetwork: true, nodeName: 'n1', containers: [bare] },
    {
      name: 'etcd-n1',
      annotations: { 'kubernetes.io/config.mirror': 'abc' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: '1', controller: true }],
    },
  );
  const node = { username: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] };

  test('from a kubelet are recorded, with a hint where to find the manifest', () => {
    const decision = validate(requestFor(mirror, { userInfo: node }));
    expect([decision.verdict, decision.response.allowed, decision.note]).toEqual([
      'allow',
      true,
      'Pod shop/etcd-n1 is not evaluated: it mirrors a static Pod; its manifest is on the node of system:node:n1',
    ]);
    expect(patchOf(mutate(requestFor(mirror, { userInfo: node })))).toEqual([]);
  });

  test('from other requesters are ordinary Pods', () => {
    expect(validate(requestFor(mirror)).verdict).toBe('deny');
    expect(patchOf(mutate(requestFor(mirror)))).not.toEqual([]);
  });
});

describe('mutating', () => {
  const pod = podObject({
    containers: [{ ...bare, ports: [{ containerPort: 80 }] }],
    terminationGracePeriodSeconds: 30,
  });

  test('a new Pod gets missing fields and an annotation with the rules', () => {
    const decision = mutate(requestFor(pod));
    expect(patchOf(decision)).toEqual([
      { op: 'add', path: '/spec/containers/0/securityContext', value: { allowPrivilegeEscalation: false } },
      { op: 'add', path: '/spec/containers/0/lifecycle', value: { preStop: { sleep: { seconds: 10 } } } },
      {
        op: 'add',
        path: '/metadata/annotations',
        value: { 'podwright.dev/fixed': 'no-privilege-escalation,pre-stop-sleep' },
      },
    ]);
    expect([decision.fixedRules, decision.patchOperations, decision.response.patchType]).toEqual([
      ['no-privilege-escalation', 'pre-stop-sleep'],
      3,
      'JSONPatch',
    ]);
  });

  test('reinvocation sends neither patch nor patchType', () => {
    const patched = applyPatch(pod, patchOf(mutate(requestFor(pod))));
    expect(mutate(requestFor(patched)).response).toEqual({
      uid: 'f0d9c1b2-0000-4000-8000-000000000001',
      allowed: true,
    });
  });

  test('a container that another webhook added is repaired, and the annotation merged', () => {
    const patched = applyPatch(pod, patchOf(mutate(requestFor(pod)))) as { spec: { containers: unknown[] } };
    const injected = {
      ...patched,
      spec: { ...patched.spec, containers: [...patched.spec.containers, { ...bare, name: 'mesh' }] },
    };
    expect(patchOf(mutate(requestFor(injected)))).toEqual([
      { op: 'add', path: '/spec/containers/1/securityContext', value: { allowPrivilegeEscalation: false } },
      { op: 'add', path: '/spec/containers/1/lifecycle', value: { preStop: { sleep: { seconds: 10 } } } },
    ]);
    const other = podObject(
      { containers: [bare] },
      { annotations: { 'podwright.dev/fixed': 'run-as-non-root,<b>', a: 'b' } },
    );
    expect(patchOf(mutate(requestFor(other))).at(-1)).toEqual({
      op: 'replace',
      path: '/metadata/annotations/podwright.dev~1fixed',
      value: 'no-privilege-escalation,run-as-non-root',
    });
  });

  test('annotate: false leaves no trace', () => {
    const decision = mutate(requestFor(podObject({ containers: [bare] })), {
      ...world,
      policy: onlyRules(rules, { annotate: false }),
    });
    expect(patchOf(decision).map(({ path }) => path)).toEqual(['/spec/containers/0/securityContext']);
  });

  test('audit mode records the patch and sends none', () => {
    const { response, fixedRules } = mutate(requestFor(podObject({ containers: [bare] })), auditing);
    expect([response, fixedRules]).toEqual([
      {
        uid: 'f0d9c1b2-0000-4000-8000-000000000001',
        allowed: true,
        auditAnnotations: {
          patch:
            '[{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}},{"op":"add","path":"/metadata/annotations","value":{"podwright.dev/fixed":"no-privilege-escalation"}}]',
        },
      },
      [],
    ]);
  });

  test('a long recorded patch is cut between operations, with the number omitted', () => {
    const many = podObject({ containers: Array.from({ length: 30 }, (_, index) => ({ ...bare, name: `c-${index}` })) });
    const text = mutate(requestFor(many), auditing).response.auditAnnotations?.['patch'] ?? '';
    const [, json = '', left] = /^(\[.*\]) \+(\d+) operations$/.exec(text) ?? [];
    expect(json.length).toBeLessThanOrEqual(1000);
    expect((JSON.parse(json) as unknown[]).length + Number(left)).toBe(31);
  });

  test('fixes: false repairs nothing', () => {
    expect(patchOf(mutate(requestFor(pod), { ...world, policy: onlyRules(rules, { fixes: false }) }))).toEqual([]);
  });
});

describe('updates', () => {
  const old = podObject({ hostNetwork: true, containers: [bare] });
  const updated = (spec: object, metadata: object = { name: 'web', labels: { a: 'b' } }) =>
    requestFor(podObject(spec, metadata), { operation: 'UPDATE', oldObject: old });

  test('labels of a bad old Pod change nothing', () => {
    const request = updated({ hostNetwork: true, containers: [bare] });
    expect([validate(request).verdict, validate(request).findings]).toEqual(['allow', []]);
    expect(mutate(request).response).toEqual({ uid: request.uid, allowed: true });
  });

  test('a changed image is evaluated, and existing findings only warn', () => {
    const decision = validate(updated({ hostNetwork: true, containers: [{ ...bare, image: 'app:2' }] }));
    expect([
      decision.response.allowed,
      decision.findings.map(({ rule, mode, existing }) => [rule.id, mode, existing]),
    ]).toEqual([
      true,
      [
        ['no-host-network', 'warn', true],
        ['no-privilege-escalation', 'warn', true],
        ['require-cpu-request', 'warn', true],
      ],
    ]);
  });

  test('the node that a Pod is bound to is not a finding', () => {
    const strict = { ...world, policy: onlyRules(['no-node-name']) };
    const bound = (image: string) => podObject({ nodeName: 'worker-1', containers: [{ ...good, image }] });
    const { findings } = validate(requestFor(bound('app:1')), strict);
    expect(findings.map(({ path }) => path)).toEqual(['/spec/nodeName']);
    const request = requestFor(bound('app:2'), { operation: 'UPDATE', oldObject: bound('app:1') });
    expect(validate(request, strict).findings).toEqual([]);
  });

  test('an object that is being deleted is never denied', () => {
    const going = { name: 'web', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const oldObject = podObject({ hostNetwork: true, containers: [bare] }, going);
    const worse = podObject({ hostNetwork: true, containers: [{ ...bare, image: 'app:2' }] }, going);
    const request = requestFor(worse, { operation: 'UPDATE', oldObject });
    expect([validate(request).verdict, validate(request).note]).toEqual([
      'allow',
      'Pod shop/web is not evaluated: the object is being deleted',
    ]);
  });

  test('a time of deletion that the author of a new object writes changes nothing', () => {
    const forged = { name: 'web', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const request = requestFor(podObject({ containers: [bare] }, forged));
    const honest = requestFor(podObject({ containers: [bare] }, { name: 'web' }));
    expect(patchOf(mutate(request))).toEqual(patchOf(mutate(honest)));
    expect(validate(request).verdict).toBe(validate(honest).verdict);
  });

  test('only new ephemeral containers are repaired and evaluated', () => {
    const before = podObject({
      hostNetwork: true,
      containers: [bare],
      ephemeralContainers: [{ name: 'one', image: 'd:1' }],
    });
    const after = podObject({
      hostNetwork: true,
      containers: [bare],
      ephemeralContainers: [
        { name: 'two', image: 'd:1' },
        { name: 'one', image: 'd:1' },
      ],
    });
    const request = requestFor(after, { operation: 'UPDATE', subResource: 'ephemeralcontainers', oldObject: before });
    expect(patchOf(mutate(request))).toEqual([
      { op: 'add', path: '/spec/ephemeralContainers/0/securityContext', value: { allowPrivilegeEscalation: false } },
    ]);
    expect(validate(request).findings.map(({ rule, path }) => [rule.id, path])).toEqual([
      ['no-privilege-escalation', '/spec/ephemeralContainers/0/securityContext/allowPrivilegeEscalation'],
    ]);
  });

  test('a resize is only checked by the resource rules, and never repaired', () => {
    const before = podObject({ hostNetwork: true, containers: [good] });
    const after = podObject({ hostNetwork: true, containers: [{ ...good, resources: { requests: { cpu: '0' } } }] });
    const request = requestFor(after, { operation: 'UPDATE', subResource: 'resize', oldObject: before });
    expect(validate(request).findings.map(({ rule, mode }) => [rule.id, mode])).toEqual([
      ['require-cpu-request', 'enforce'],
    ]);
    expect(patchOf(mutate(request))).toEqual([]);
  });
});

describe('workloads', () => {
  const container = { ...bare, ports: [{ containerPort: 80 }] };

  test('a template is evaluated as the Pod it becomes, without findings that admission repairs', () => {
    const decision = validate(requestFor(deploymentObject({ containers: [container] })));
    expect([decision.webhook, decision.source, decision.response.status?.message]).toEqual([
      'workloads.validate.podwright.dev',
      'template',
      `Deployment shop/web is refused by 1 rule: require-cpu-request
  container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
    spec.template.spec.containers[0].resources.requests.cpu
Why and how: podwright explain require-cpu-request`,
    ]);
    expect(decision.response.auditAnnotations).toEqual({
      verdict: 'deny',
      findings: 'require-cpu-request',
      fixed: 'no-privilege-escalation,pre-stop-sleep',
    });
  });

  test('templates are never mutated', () => {
    expect(patchOf(mutate(requestFor(deploymentObject({ containers: [container] }))))).toEqual([]);
  });

  test("an update that does not change the template's spec is admitted", () => {
    const before = deploymentObject({ containers: [container] });
    const after = { ...before, spec: { ...(before['spec'] as object), replicas: 5 } };
    expect(validate(requestFor(after, { operation: 'UPDATE', oldObject: before })).verdict).toBe('allow');
  });

  test('an update is only denied for new findings', () => {
    const before = deploymentObject({ containers: [container] });
    const after = deploymentObject({
      containers: [
        { ...bare, name: 'new' },
        { ...container, image: 'app:2' },
      ],
    });
    const decision = validate(requestFor(after, { operation: 'UPDATE', oldObject: before }));
    const denied = decision.findings.filter(({ fixed }) => !fixed);
    expect(denied.map(({ container: name, mode, existing }) => [name, mode, existing])).toEqual([
      ['new', 'enforce', false],
      ['app', 'warn', true],
    ]);
  });

  test("findings in a controller's template are only recorded, unless the requester is not a controller", () => {
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: '1', controller: true };
    const owned = deploymentObject({ containers: [container] }, { ownerReferences: [owner] });
    const userInfo = { username: 'system:serviceaccount:kube-system:cronjob-controller', groups: [] };
    const decision = validate(requestFor(owned, { userInfo }));
    expect([decision.verdict, decision.response.allowed, decision.response.warnings]).toEqual([
      'allow',
      true,
      undefined,
    ]);
    expect(decision.findings.map(projectedOutcomeOf)).toEqual(decision.findings.map(() => 'none'));
    expect(decision.response.auditAnnotations?.['fixed']).toBe('no-privilege-escalation,pre-stop-sleep');
    expect(validate(requestFor(owned)).verdict).toBe('deny');
  });

  test('the ceiling over workloads', () => {
    const decision = validate(requestFor(deploymentObject({ containers: [container] })), {
      ...world,
      policy: onlyRules(rules, { workloads: 'warn' }),
    });
    expect([decision.response.allowed, decision.response.warnings]).toEqual([
      true,
      ['podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)'],
    ]);
  });
});

describe('requests outside the scope', () => {
  test.each([
    {
      what: 'an eviction',
      object: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } },
      subResource: 'eviction',
    },
    {
      what: 'a binding',
      object: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'web' } },
      subResource: 'binding',
    },
    {
      what: 'exec',
      object: { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] },
      subResource: 'exec',
      operation: 'CONNECT',
    },
    {
      what: 'a deletion',
      object: undefined,
      oldObject: onHost,
      operation: 'DELETE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
    },
    { what: 'the status of a Pod', object: onHost, oldObject: onHost, subResource: 'status', operation: 'UPDATE' },
    { what: 'a ConfigMap', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } },
    {
      what: 'a core Service',
      object: { apiVersion: 'v1', kind: 'Service', spec: { template: { spec: onHost['spec'] } } },
    },
    {
      what: 'a Rollout without a template',
      object: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { workloadRef: {} } },
    },
  ])('$what', ({ object, what: _what, ...overrides }) => {
    const request = requestFor(object, overrides);
    const untouched = { uid: request.uid, allowed: true };
    expect(mutate(request).response).toEqual(untouched);
    expect(validate(request).response).toEqual(untouched);
  });
});

describe('a rule that throws', () => {
  const broken = (mode: 'enforce' | 'warn') => {
    const [setting, ...others] = world.policy.rules;
    const rule = {
      ...setting!.rule,
      id: 'broken',
      severity: 'info' as const,
      notApplicable: () => {
        throw new Error('bug');
      },
    };
    return { ...world, policy: { ...world.policy, rules: [...others, { ...setting!, rule, mode }] } };
  };

  test('counts as a finding that nothing can repair', () => {
    const decision = validate(requestFor(podObject({ containers: [good] })), broken('enforce'));
    expect(decision.response.status?.message).toBe(`Pod shop/web is refused by 1 rule: broken
  could not be evaluated; see the log of podwright (broken)
    spec
Why and how: podwright explain broken`);
    expect(decision.failures.map(({ rule, error }) => [rule.id, String(error)])).toEqual([['broken', 'Error: bug']]);
  });

  test('warns in a weaker mode, and other rules still apply', () => {
    const decision = validate(requestFor(onHost), broken('warn'));
    expect(decision.findings.map(({ rule, mode }) => [rule.id, mode])).toEqual([
      ['no-host-network', 'enforce'],
      ['broken', 'warn'],
    ]);
  });
});

test('an enabled fix of a rule in mode audit is recorded beside applied ones', () => {
  const audited = onlyRules(['no-privilege-escalation', 'require-seccomp-profile']);
  const policy = {
    ...audited,
    rules: audited.rules.map((setting) =>
      setting.rule.id === 'require-seccomp-profile' ? { ...setting, mode: 'audit' as const, fix: true } : setting,
    ),
    annotate: false,
  };
  const decision = mutate(requestFor(podObject({ containers: [bare] })), { policy, minor: 36 });
  expect(patchOf(decision)).toEqual([
    { op: 'add', path: '/spec/containers/0/securityContext', value: { allowPrivilegeEscalation: false } },
  ]);
  expect(decision.response.auditAnnotations).toEqual({
    fixed: 'no-privilege-escalation',
    patch:
      '[{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}},' +
      '{"op":"add","path":"/spec/securityContext","value":{"seccompProfile":{"type":"RuntimeDefault"}}}]',
  });
});

import { describe, expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { EvaluatedFinding } from '../../src/engine/evaluate.ts';
import { denialMessage, warningsOf } from '../../src/engine/messages.ts';
import { fieldPath } from '../../src/patch/pointer.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { noHostPath } from '../../src/rules/no-host-path.ts';
import { onlyRules } from '../support/policies.ts';
import { podObject, requestFor } from '../support/requests.ts';
import { casesOf, evaluateCase } from '../support/rule-cases.ts';

/** Where a terminal breaks a line. */
const columns = 100;

/** A Pod that somebody in a hurry wrote, with the findings that such Pods have. */
const hasty = podObject(
  {
    hostNetwork: true,
    containers: [
      {
        name: 'app',
        image: 'registry.example/web',
        ports: [{ containerPort: 8080 }],
        env: [{ name: 'DB_PASSWORD', value: 'swordfish' }],
        securityContext: { privileged: true },
      },
      { name: 'log-shipper', image: 'fluent/fluent-bit:3.0', resources: { requests: { cpu: '50m' } } },
    ],
    volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }],
  },
  { name: 'web-with-sidecar' },
);

const sixRules = [
  'no-host-network',
  'no-host-path',
  'no-privileged-containers',
  'no-secrets-in-env',
  'pin-image-tag',
  'require-cpu-request',
];

const linesOf = (mode: 'enforce' | 'warn'): readonly string[] => {
  const world = { policy: onlyRules(sixRules, { mode }), minor: 36 };
  const { response } = decide('validate', requestFor(hasty), world);
  return response.status?.message.split('\n') ?? response.warnings ?? [];
};

test('a denial for six findings', () => {
  expect(linesOf('enforce').join('\n')).toMatchInlineSnapshot(`
    "Pod shop/web-with-sidecar is refused by 6 rules: no-host-path, no-privileged-containers, no-host-network and 3 more
      volume "logs" is "/var/log" of the node; use a claim or an emptyDir (a node agent needs an
        exemption) (no-host-path)
        spec.volumes[0].hostPath
      container "app": is privileged; remove securityContext.privileged and add only the capabilities it
        needs (no-privileged-containers)
        spec.containers[0].securityContext.privileged
      hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
        (no-host-network)
        spec.hostNetwork
      container "app": env "DB_PASSWORD" is a literal value; use valueFrom.secretKeyRef
        (no-secrets-in-env)
        spec.containers[0].env[0].value
      container "app": image "registry.example/web" has no tag, which means latest; pin a version or
        digest (pin-image-tag)
        spec.containers[0].image
      container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
        spec.containers[0].resources.requests.cpu
    Why and how: podwright explain no-host-path"
  `);
});

test('a denial names the rules of all templates on its first line, the gravest first', () => {
  const job = (name: string, spec: object) => ({
    name,
    template: { spec: { template: { spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec } } } },
  });
  const jobSet = {
    apiVersion: 'jobset.x-k8s.io/v1alpha2',
    kind: 'JobSet',
    metadata: { name: 'train', namespace: 'shop' },
    spec: { replicatedJobs: [job('main', {}), job('agent', { hostNetwork: true })] },
  };
  const policy = onlyRules(['no-host-network', 'require-cpu-request']);
  expect(decide('validate', requestFor(jobSet), { policy, minor: 36 }).response.status?.message).toMatchInlineSnapshot(`
    "JobSet shop/train is refused by 2 rules: no-host-network, require-cpu-request
      hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
        (no-host-network)
        spec.replicatedJobs[1].template.spec.template.spec.hostNetwork
      container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
        spec.replicatedJobs[0].template.spec.template.spec.containers[0].resources.requests.cpu
      container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
        spec.replicatedJobs[1].template.spec.template.spec.containers[0].resources.requests.cpu
    Why and how: podwright explain no-host-network"
  `);
});

test('only its first line, which logs and events show, may be wider than a terminal', () => {
  expect(
    linesOf('enforce')
      .slice(1)
      .filter((line) => line.length > columns),
  ).toEqual([]);
});

test('nor of any finding in the fixtures of all rules, where there is a space to break it', () => {
  const findings = rules.flatMap((rule) =>
    casesOf(rule.id).flatMap((one) => evaluateCase(rule, one).findings.filter((finding) => finding.rule === rule)),
  );
  const [, ...lines] = denialMessage(
    'Pod shop/web',
    findings.map((finding) => ({ finding, field: fieldPath(finding.path) })),
  ).split('\n');
  expect(lines.filter((line) => line.length > columns && line.trim().includes(' '))).toEqual([]);
});

test('the same as warnings', () => {
  expect(linesOf('warn').join('\n')).toMatchInlineSnapshot(`
    "podwright: volume "logs" is "/var/log" of the node; use a claim or an emptyDir (no-host-path)
    podwright: remove securityContext.privileged and add only the capabilities it needs (no-privileged-containers)
    podwright: hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) (no-host-network)
    podwright: container "app": env "DB_PASSWORD" is a literal value; use valueFrom.secretKeyRef (no-secrets-in-env)
    podwright: container "app": image "registry.example/web" has no tag, which …; pin a version or digest (pin-image-tag)
    podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)"
  `);
});

test("the built-in policy's warnings are counted beyond the limit", () => {
  const enough = { ...hasty, spec: { containers: [{ name: 'app', image: 'web', ports: [{ containerPort: 8080 }] }] } };
  const policy = { ...defaultPolicy(rules), mode: 'warn' as const, fixes: false };
  const { response } = decide('validate', requestFor(enough), { policy, minor: 36 });
  expect((response.warnings ?? []).join('\n')).toMatchInlineSnapshot(`
    "podwright: container "app": set securityContext.allowPrivilegeEscalation: false (no-privilege-escalation)
    podwright: container "app": may be root, its image decides; set runAsNonRoot: true (run-as-non-root)
    podwright: container "app": keeps default …; set capabilities.drop: [ALL] and add what it needs (drop-all-capabilities)
    podwright: container "app": image "web" has no tag, which means latest; pin a version or digest (pin-image-tag)
    podwright: container "app": serves a port but has no preStop …; set lifecycle.preStop.sleep.seconds: 10 (pre-stop-sleep)
    podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
    podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
    podwright: and 4 more; see them all with podwright audit"
  `);
});

describe('of every finding in the fixtures of all rules', () => {
  const findings = rules.flatMap((rule) =>
    casesOf(rule.id).flatMap((one) => evaluateCase(rule, one).findings.filter((finding) => finding.rule === rule)),
  );

  test('a warning has at most 120 characters and whole words, and the advice to its end', () => {
    const cuts = findings.flatMap((finding) => warningsOf([finding])).filter((warning) => /\w…/.test(warning));
    expect(cuts).toEqual([]);
    const bad = findings.filter((finding) => {
      const [warning = ''] = warningsOf([finding]);
      const advice = finding.message.slice(finding.message.lastIndexOf('; ') + 2).replace(/ \([^()]*\)$/, '');
      const isWhole = finding.message.lastIndexOf('; ') < 0 || warning.includes(advice);
      return [...warning].length > 120 || !warning.startsWith('podwright: ') || !isWhole;
    });
    expect(bad.map((finding) => `${finding.rule.id}: ${finding.message}`)).toEqual([]);
  });
});

describe('a policy with a contact and a link', () => {
  const messages = { contact: '#platform on chat', link: 'https://policy.example/{rule}' };
  const answerIn = (mode: 'enforce' | 'warn') => {
    const policy = onlyRules(['no-host-network', 'require-cpu-request'], { mode, messages });
    return decide('validate', requestFor(hasty), { policy, minor: 36 }).response;
  };

  test('has them in the last lines of a denial', () => {
    expect(answerIn('enforce').status?.message.split('\n').slice(-3)).toEqual([
      'Why and how: podwright explain no-host-network',
      'See: https://policy.example/no-host-network',
      'Ask: #platform on chat',
    ]);
  });

  test('has them in warnings if they fit', () => {
    expect(answerIn('warn').warnings).toEqual([
      'podwright: hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) (no-host-network)',
      'podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request); ask #platform on chat',
    ]);
  });
});

test('advice that is longer than a warning is cut, and a sentence without advice too', () => {
  const [finding] = casesOf('no-host-path').flatMap((one) => evaluateCase(noHostPath, one).findings);
  const warn = (message: string) => warningsOf([{ ...(finding as EvaluatedFinding), container: 'app', message }]);
  expect([warn(`bad; ${'do '.repeat(50)}`), warn('bad '.repeat(50))]).toEqual([
    [`podwright: container "app": bad; ${'do '.repeat(23)}… (no-host-path)`],
    [`podwright: container "app": ${'bad '.repeat(19)}… (no-host-path)`],
  ]);
});

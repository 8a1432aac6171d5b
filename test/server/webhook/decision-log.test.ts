import { expect, test } from 'vitest';
import { decide } from '../../../src/admission/decide.ts';
import type { Decision } from '../../../src/admission/decision.ts';
import { type AdmissionRequest, requestOf } from '../../../src/admission/review.ts';
import { newestMinor } from '../../../src/engine/plan.ts';
import type { Mode } from '../../../src/engine/rule.ts';
import { rules } from '../../../src/rules/index.ts';
import type { LogLevel } from '../../../src/server/monitoring/log.ts';
import { logDecision } from '../../../src/server/webhook/decision-log.ts';
import { onlyRules } from '../../support/policies.ts';
import { podObject, requestFor } from '../../support/requests.ts';
import { badPod, goodPod, keptLog, policyOf, reviewText } from '../support.ts';

function decisionOn(pod: unknown, mode: Mode = 'enforce', request: Record<string, unknown> = {}): Decision {
  const parsed = requestOf(JSON.parse(reviewText(pod, request))) as AdmissionRequest;
  return decide('validate', parsed, { policy: policyOf(mode), minor: newestMinor });
}

function linesOf(decision: Decision, level: LogLevel = 'debug'): Record<string, unknown>[] {
  const { log, lines } = keptLog(level);
  logDecision(log, decision, 0.0012345, 'abc');
  return lines.map(({ time, ...line }) => {
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    return line;
  });
}

test('writes one line with everything but the object', () => {
  const secret = [{ name: 'PASSWORD', value: 'correct horse battery staple' }];
  const spec = { ...badPod.spec, containers: [{ ...badPod.spec.containers[0], env: secret }] };
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true };
  const metadata = { generateName: 'web-1-', ownerReferences: [owner] };
  const decision = decisionOn({ ...badPod, metadata, spec }, 'enforce', { dryRun: true });
  const lines = linesOf(decision, 'info');
  expect(JSON.stringify(lines)).toBe(
    JSON.stringify([
      {
        level: 'info',
        event: 'admission',
        uid: 'uid-1',
        webhook: 'pods.validate.podwright.dev',
        operation: 'CREATE',
        dryRun: true,
        kind: 'Pod',
        namespace: 'shop',
        name: 'web-1-*',
        owner: 'ReplicaSet/web-1',
        user: 'ann',
        verdict: 'deny',
        findings: [{ rule: 'no-host-network', mode: 'enforce', path: '/spec/hostNetwork' }],
        fixed: [],
        exempt: [],
        patchOperations: 0,
        durationMs: 1.235,
        policy: 'abc',
      },
    ]),
  );
});

test('logs admitted objects without findings only at debug level', () => {
  expect(linesOf(decisionOn(goodPod), 'info')).toEqual([]);
  expect(linesOf(decisionOn(goodPod))).toMatchObject([{ level: 'debug', event: 'admission', verdict: 'allow' }]);
  expect(linesOf(decisionOn(badPod, 'audit'), 'info')).toMatchObject([{ level: 'info', verdict: 'audit_deny' }]);
});

test('writes errors for rules that throw and patches that would not apply', () => {
  const [rule] = rules;
  if (rule === undefined) throw new Error('there is no rule');
  const failures = [{ rule, error: new Error('no such thing') }];
  const lines = linesOf({ ...decisionOn(goodPod), failures, rejectedPatch: new Error('no such path') }, 'info');
  const stack = expect.stringContaining('at ') as unknown;
  expect(lines).toEqual([
    {
      level: 'error',
      err: { type: 'Error', message: 'no such thing', stack },
      rule: rule.id,
      uid: 'uid-1',
      msg: 'a rule could not be evaluated; please report this',
    },
    {
      level: 'error',
      err: { type: 'Error', message: 'no such path', stack },
      uid: 'uid-1',
      msg: 'withheld a patch that would not apply; please report this',
    },
  ]);
});

test.each<[object, object, string]>([
  [{ groups: ['developers'] }, {}, 'warn'],
  [{ users: ['ann'] }, {}, 'warn'],
  [{ namespaces: ['shop'] }, {}, 'info'],
  [{ groups: ['developers'] }, { mode: 'warn' }, 'info'],
])('an exemption by %j under %j is logged at level %s', (match, more, level) => {
  const exemption = { name: 'break-glass', rules: ['*'], match, reason: 'night', owner: 'platform' };
  const policy = onlyRules(['no-host-network'], { exemptions: [exemption], ...more });
  const request = requestOf(JSON.parse(reviewText(badPod))) as AdmissionRequest;
  const [line] = linesOf(decide('validate', request, { policy, minor: newestMinor }));
  expect(line).toMatchObject({
    level,
    user: 'ann',
    verdict: 'allow',
    exempt: [{ rule: 'no-host-network', exemption: 'break-glass' }],
  });
});

test('tells by which exemption, what would be repaired and by which patch', () => {
  const exemption = {
    name: 'cni',
    rules: ['no-host-network'],
    match: { namespaces: ['shop'] },
    reason: 'programs the network',
    owner: 'team-platform',
  };
  const policy = onlyRules(['no-host-network', 'no-privilege-escalation'], {
    mode: 'audit',
    annotate: false,
    exemptions: [exemption],
  });
  const request = requestFor(podObject({ hostNetwork: true, containers: [{ name: 'app', image: 'app:1' }] }));
  const world = { policy, minor: newestMinor };
  const [validated] = linesOf(decide('validate', request, world), 'info');
  expect(validated).toMatchObject({
    verdict: 'allow',
    findings: [
      { rule: 'no-host-network', mode: 'audit', path: '/spec/hostNetwork' },
      {
        rule: 'no-privilege-escalation',
        mode: 'audit',
        path: '/spec/containers/0/securityContext/allowPrivilegeEscalation',
      },
    ],
    fixed: ['no-privilege-escalation'],
    exempt: [{ rule: 'no-host-network', exemption: 'cni' }],
    patchOperations: 0,
  });
  const [mutated] = linesOf(decide('mutate', request, world), 'info');
  expect(mutated).toMatchObject({
    verdict: 'allow',
    fixed: [],
    patchOperations: 0,
    wouldPatch: '[{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}}]',
  });
});

test('a line is bounded, and counts what it leaves out', () => {
  const containers = Array.from({ length: 30 }, (_, index) => ({
    name: `c${index}`,
    ports: [{ hostPort: index + 1 }],
  }));
  const request = requestFor(podObject({ containers }), {
    userInfo: { username: 'u'.repeat(5_000), groups: [] },
  });
  const decision = decide('validate', request, {
    policy: { ...onlyRules([]), rules: policyOf('enforce').rules },
    minor: newestMinor,
  });
  const findings = decision.findings.slice(0, 1);
  const many = { ...decision, findings: Array.from({ length: 150 }, () => findings).flat() };
  const [line] = linesOf(many);
  expect(line).toMatchObject({ findings: { length: 100 }, findingsLeftOut: 50, user: `${'u'.repeat(511)}…` });
});

import { expect, test } from 'vitest';
import { evaluate } from '../../src/engine/evaluate.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import { toJsonPatch } from '../../src/patch/json-patch.ts';
import type { SubjectSource } from '../../src/subject/pod-subject.ts';
import { policyOf } from '../support/rule-cases.ts';

const policy = policyOf({ 'no-service-account-token': { fix: true }, 'require-seccomp-profile': { fix: true } });
const circumstances = { minor: 36 };
const spec = { containers: [{ name: 'app', image: 'app:1' }] };
const template: SubjectSource = { pod: { spec }, workload: { kind: 'Deployment', name: 'web' } };

test('a fix in manifests only repairs nothing at admission', () => {
  const { findings, patch, fixedRules } = evaluate(template, policy, circumstances);
  expect(findings.map(({ rule, repairable, fixed }) => ({ rule: rule.id, repairable, fixed }))).toEqual([
    { rule: 'no-service-account-token', repairable: false, fixed: false },
    { rule: 'require-seccomp-profile', repairable: true, fixed: true },
  ]);
  expect(fixedRules).toEqual(['require-seccomp-profile']);
  expect(patch).toEqual([
    { op: 'add', path: '/spec/securityContext', value: { seccompProfile: { type: 'RuntimeDefault' } } },
  ]);
});

test('its edits are reported, and repair the manifest', () => {
  const found = evaluate(template, policy, circumstances).findings;
  const edits = found.flatMap(({ fix }) => fix?.() ?? []);
  const pod = applyPatch(template.pod, toJsonPatch(template.pod, edits)) as SubjectSource['pod'];
  expect(pod.spec).toMatchObject({ automountServiceAccountToken: false });
  expect(evaluate({ ...template, pod }, policy, circumstances).findings).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import jsonPatch from 'fast-json-patch';
import { describe, expect, test } from 'vitest';
import { camelCase, ruleIds } from '../scripts/generate/rule-modules.ts';
import type { EvaluatedFinding } from '../src/engine/evaluate.ts';
import { defaultsOf } from '../src/engine/options.ts';
import { applyPatch } from '../src/patch/apply-patch.ts';
import { policyFormats } from '../src/policy/policy-formats.ts';
import { rules } from '../src/rules/index.ts';
import type { SubjectSource } from '../src/subject/pod-subject.ts';
import { deepFreeze } from './support/deep-freeze.ts';
import { caseOfExample, casesOf, evaluateCase, fixtureIds, sourceOf } from './support/rule-cases.ts';

const ajv = new Ajv({ formats: policyFormats });
const maxMessageLength = 100;
/** How much of a name in quotes counts: most are no longer, and those that are stay whole to be searched. */
const countedOfName = 24;

test('every rule has a file and a fixture of its name', async () => {
  expect(rules.map(({ id }) => id)).toEqual(ruleIds());
  expect(fixtureIds()).toEqual(ruleIds());
  for (const rule of rules) {
    const module = (await import(`../src/rules/${rule.id}.ts`)) as object;
    expect({ ...module }).toEqual({ [camelCase(rule.id)]: rule });
  }
});

test('rules are short', () => {
  const lengths = ruleIds().map((id) => ({ id, lines: linesOf(id) }));
  const withoutDocs = lengths.map(({ lines }) => lines.length - docsLength(lines)).toSorted((a, b) => a - b);
  expect(lengths.filter(({ lines }) => lines.length > 80).map(({ id }) => id)).toEqual([]);
  expect(withoutDocs[Math.floor(withoutDocs.length / 2)]).toBeLessThanOrEqual(40);
});

describe.each(rules.map((rule) => ({ id: rule.id, rule })))('$id', ({ id, rule }) => {
  const cases = fixtureIds().includes(id) ? casesOf(id) : [];

  test.each(cases)('$name', (one) => {
    const evaluation = evaluateCase(rule, one);
    expect(evaluation.failures).toEqual([]);
    expect(evaluation.rejectedPatch).toBeUndefined();
    const findings = evaluation.findings.filter((finding) => finding.rule === rule);
    expect({ findings: findings.map(summaryOf), patch: evaluation.patch }).toEqual({
      findings: one.findings,
      patch: one.patch ?? [],
    });
    if (one.notApplicable !== undefined) expect(evaluation.notApplicable.get(id)).toBe(one.notApplicable);
    for (const finding of findings) expectHouseStyle(finding);
  });

  test.each(cases.filter(({ patch }) => patch !== undefined))('once is enough: $name', (one) => {
    const before = evaluateCase(rule, one);
    const fixed = fixedSource(sourceOf(one), before.patch);
    const after = evaluateCase(rule, one, fixed);
    expect(after.patch).toEqual([]);
    const unfixed = before.findings.filter((finding) => !finding.fixed);
    expect(after.findings.map(summaryOf)).toEqual(unfixed.map(summaryOf));
  });

  test('its examples are one', () => {
    const evaluated = (text: string): readonly EvaluatedFinding[] =>
      evaluateCase(rule, caseOfExample(rule, text)).findings;
    expect(evaluated(rule.docs.bad)).not.toEqual([]);
    expect(evaluated(rule.docs.good)).toEqual([]);
    for (const finding of evaluated(rule.docs.bad)) expectHouseStyle(finding);
  });

  test('the defaults of its options are valid', () => {
    const defaults = Object.entries(defaultsOf(rule.options)).filter(([, value]) => value !== undefined);
    const validate = ajv.compile({ type: 'object', properties: rule.options, additionalProperties: false });
    validate(Object.fromEntries(defaults));
    expect(validate.errors).toBeNull();
  });

  test('its sources are public pages', () => {
    for (const source of rule.docs.source.split('; '))
      expect(source).toMatch(/^[A-Z].*, https:\/\/(?:www\.)?kubernetes\.(?:io|dev)\/\S+$/);
  });

  test('its texts are sentences', () => {
    const { summary, why, departs } = rule.docs;
    for (const text of [summary, why, departs, rule.fix?.effect])
      if (text !== undefined) expect(text).toMatch(/^[A-Z`].*\.$/s);
    for (const { description } of Object.values(rule.options)) expect(description).toMatch(/^[A-Z`].*\.$/s);
  });
});

/** What a fixture says about a finding. */
function summaryOf({ path, container, message, fix }: EvaluatedFinding): object {
  return { path, ...(container !== undefined && { container }), message, ...(fix && { fixable: true }) };
}

/** One clause, without capital, full stop or the container's name, which the renderer adds. */
function expectHouseStyle({ message, container }: EvaluatedFinding): void {
  expect(message).toMatch(
    /^(?:[^A-Z\s]|(?:AppArmor|ConfigMap|Kubernetes|Linux|PodDisruptionBudget|SELinux|Secret|Service|Windows)\b)\S*(?: \S+)*$/,
  );
  expect(message).not.toMatch(/[.!]$/);
  expect(ownLength(message)).toBeLessThanOrEqual(maxMessageLength);
  if (container !== undefined) expect(message).not.toContain(`container "${container}"`);
}

/** The length of a message without what warnings leave out, the brackets at its end, and long names. */
const ownLength = (message: string): number =>
  message
    .replace(/ \([^()]*\)$/, '')
    .replaceAll(/"([^"]+)"/g, (_quoted, name: string) => `"${name.slice(0, countedOfName)}"`).length;

/** The patch is applied by another's implementation, which must agree with ours. */
function fixedSource(source: SubjectSource, patch: Parameters<typeof applyPatch>[1]): SubjectSource {
  const { newDocument: pod } = jsonPatch.applyPatch(structuredClone(source.pod), structuredClone(patch), true);
  expect(applyPatch(source.pod, patch)).toEqual(pod);
  return deepFreeze({ ...source, pod });
}

const linesOf = (id: string): string[] =>
  readFileSync(join(import.meta.dirname, `../src/rules/${id}.ts`), 'utf8')
    .trimEnd()
    .split('\n');

const docsLength = (lines: readonly string[]): number =>
  lines.indexOf('  },', lines.indexOf('  docs: {')) - lines.indexOf('  docs: {') + 1;

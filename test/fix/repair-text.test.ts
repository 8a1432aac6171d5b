import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuditedSubject, audit } from '../../src/audit/audit-report.ts';
import { surroundingsOf } from '../../src/audit/surroundings.ts';
import { fixingPolicy } from '../../src/fix/fixing-policy.ts';
import { repairText } from '../../src/fix/repair-text.ts';
import { parseManifests } from '../../src/manifests/read-manifests.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import type { Pointer } from '../../src/patch/pointer.ts';
import { commentsOf } from '../../src/yaml/edit/comments.ts';
import { readYaml } from '../../src/yaml/read.ts';
import { acceptedPod } from '../support/accepted-pods.ts';
import { podSpec } from '../support/pods.ts';
import { everythingOn } from '../support/policies.ts';
import { styledManifests } from './styled-manifest.ts';

const policy = fixingPolicy(everythingOn(), { unsafe: true, rules: undefined });
const surroundings = surroundingsOf([], { minor: 36, now: 0, defaultNamespace: 'default' });

/** What of a text is to be repaired. */
function subjectsIn(text: string): AuditedSubject[] {
  const inputs = parseManifests('web.yaml', text).manifests.map((manifest) => ({ object: manifest.object, manifest }));
  return audit(inputs, policy, surroundings).subjects.filter(({ patch }) => patch.length > 0);
}

/** The data of a text after admission has patched each Pod in it. */
function admitted(text: string, subjects: readonly AuditedSubject[]): unknown[] {
  return readYaml(text).documents.map(({ start, value }) =>
    subjects
      .filter(({ manifest }) => manifest?.document.start.line === start.line)
      .reduce((current, { manifest, podPath, patch }) => {
        const pod: Pointer = `${manifest?.path ?? ''}${podPath}`;
        return applyPatch(
          current,
          patch.map((operation) => ({ ...operation, path: `${pod}${operation.path}` as Pointer })),
        );
      }, value),
  );
}

const dataOf = (text: string): unknown[] => readYaml(text).documents.map(({ value }) => value);

/** That a text is repaired as admission repairs its Pods, needs no second repair, and keeps its comments. */
function expectRepaired(text: string): number {
  const subjects = subjectsIn(text);
  const repaired = repairText(text, subjects);
  expect([...repaired.rejected.values()]).toEqual([]);
  expect(dataOf(repaired.text)).toEqual(admitted(text, subjects));
  expect(subjectsIn(repaired.text)).toEqual([]);
  expect(commentsOf(repaired.text)).toEqual(commentsOf(text));
  return subjects.length;
}

test('a subject that is evaluated twice is repaired once', () => {
  const pod =
    'apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: app, securityContext: {capabilities: {drop: [NET_RAW]}}}]}}}\n';
  const { text, rejected } = repairText(pod, [...subjectsIn(pod), ...subjectsIn(pod)]);
  expect([...rejected.values()]).toEqual([]);
  expect(text).toBe(repairText(pod, subjectsIn(pod)).text);
  expect(text).toContain('drop: [NET_RAW, ALL]');
});

test('a text that does not contain the evaluated object is unchanged', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: app}]}\n';
  const changed = pod.replace('app', 'web');
  const { text, rejected } = repairText(changed, subjectsIn(pod));
  expect(text).toBe(changed);
  expect([...rejected.values()]).toEqual([
    'the file does not contain the evaluated object: it was rendered, or has changed since',
  ]);
});

describe('as admission would', () => {
  const folders = ['examples', 'test/real', 'test/apiserver/recipes', 'test/cli/fixtures', 'deploy'];
  const files = folders.flatMap((folder) => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    return names.map((name) => `${folder}/${name}`);
  });

  test.each(files)('%s', (file) => {
    expectRepaired(readFileSync(file, 'utf8'));
  });

  test('however a manifest is written', () => {
    const pod = fc.oneof(
      podSpec.map((spec) => ({ metadata: { name: 'web' }, spec })),
      acceptedPod,
    );
    const object = fc
      .tuple(pod, fc.constantFrom('Pod', 'Deployment', 'CronJob', 'List'))
      .map(([{ metadata, spec }, kind]) => {
        const one = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
        const template = { spec };
        if (kind === 'Pod') return one;
        if (kind === 'List') return { apiVersion: 'v1', kind, items: [one, one] };
        const name = { name: 'web' };
        if (kind === 'Deployment') return { apiVersion: 'apps/v1', kind, metadata: name, spec: { template } };
        return { apiVersion: 'batch/v1', kind, metadata: name, spec: { jobTemplate: { spec: { template } } } };
      });
    let repaired = 0;
    fc.assert(
      fc.property(
        fc
          .array(
            object.map((each) => JSON.parse(JSON.stringify(each)) as object),
            { minLength: 1, maxLength: 3 },
          )
          .chain(styledManifests),
        (text) => {
          repaired += expectRepaired(text);
        },
      ),
      { numRuns: 25 },
    );
    expect(repaired).toBeGreaterThan(25); // random manifests: one of each run on average would do
  });
});

test("a grace period that the template states is its author's, also where it is the default", () => {
  const template = (grace: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {${grace}containers: [{name: app, image: app, ports: [{containerPort: 80}]}]}}}\n`;
  const repaired = (text: string) => repairText(text, subjectsIn(text)).text;
  expect(repaired(template('terminationGracePeriodSeconds: 30, '))).toContain('terminationGracePeriodSeconds: 30');
  expect(repaired(template(''))).toContain('terminationGracePeriodSeconds: 40');
});

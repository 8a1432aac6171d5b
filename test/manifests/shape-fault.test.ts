import { describe, expect, test } from 'vitest';
import { parseManifests } from '../../src/manifests/read-manifests.ts';

const template = 'template: { spec: { hostNetwork: true } }';

/** What is told of a text, and how many objects are left to evaluate. */
function told(text: string): [string[], number] {
  const { manifests, problems, skipped } = parseManifests('web.yaml', text);
  const lines = [...problems, ...skipped.map(({ reason, ...rest }) => ({ ...rest, message: `skipped: ${reason}` }))];
  return [lines.map(({ position, message }) => `${position?.line}:${position?.column} ${message}`), manifests.length];
}

describe('a kind that makes Pods, in a wrong shape', () => {
  test.each([
    [
      `apiVersion: v1\nkind: Deployment\nspec: { ${template} }`,
      '1:1 there is no Deployment in v1; use apiVersion: apps/v1',
    ],
    [
      `apiVersion: app/v1\nkind: Deployment\nspec: { ${template} }`,
      '1:1 there is no Deployment in app/v1; use apiVersion: apps/v1',
    ],
    [
      `apiVersion: apps/v2\nkind: DaemonSet\nspec: { ${template} }`,
      '1:1 there is no DaemonSet in apps/v2; use apiVersion: apps/v1',
    ],
    [
      `apiVersion: apps/v1\nkind: deployment\nspec: { ${template} }`,
      '2:1 there is no kind deployment; it is Deployment',
    ],
    [`Version: apps/v1\nkind: Deployment\nspec: { ${template} }`, '1:1 the key "Version" must be apiVersion'],
    [`apiVersion: apps/v1\nKind: Deployment\nspec: { ${template} }`, '2:1 the key "Kind" must be kind'],
    [`kind: Deployment\nspec: { ${template} }`, '1:1 Deployment without an apiVersion; write apiVersion: apps/v1'],
    [`apiVersion: apps/v1\nspec: { ${template} }`, '1:1 apiVersion: apps/v1 and a spec, but no kind'],
    [`apiVersion: 1\nkind: Pod\nspec: {}`, '1:1 apiVersion is not text'],
    [
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template: { hostNetwork: true }',
      '4:1 has no spec.template.spec, where a Deployment keeps its Pod',
    ],
    [
      `apiVersion: batch/v1\nkind: CronJob\nspec: { ${template} }`,
      '3:1 has no spec.jobTemplate.spec.template.spec, where a CronJob keeps its Pod',
    ],
    ['apiVersion: v1\nkind: Pod\nmetadata: { name: web }', '1:1 has no spec, where a Pod keeps its Pod'],
    [
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Deployment\n  spec: { ${template} }`,
      '4:3 there is no Deployment in v1; use apiVersion: apps/v1',
    ],
    [
      '- apiVersion: v1\n  kind: Pod\n  spec: {}',
      '1:1 is a list of objects, which kubectl does not read; put --- between them, or use kind: List',
    ],
    ['<a/>', '1:1 is HTML or XML, not a Kubernetes object'],
    ['Not Found', '1:1 is plain text, not a Kubernetes object'],
    ['---\n\uFEFFapiVersion: v1\nkind: Pod\nspec: {}', '2:1 the key "\uFEFFapiVersion" must be apiVersion'],
    [
      '// exported by a tool\n{"apiVersion":"v1","kind":"Pod","spec":{}}',
      '1:1 is read as plain text; JSON has no comments, and those of YAML start with #',
    ],
    [
      Buffer.from('kind: Pod\n', 'utf16le').toString(),
      '1:2 cannot be parsed: null byte is not allowed in input; it looks like UTF-16 without a byte order mark',
    ],
  ])('%j', (text, message) => {
    expect(told(text)).toEqual([[message], 0]);
  });
});

describe('what is something else', () => {
  test.each([
    'replicaCount: 1',
    'services: { web: { image: a } }',
    '[1, 2]',
    '- op: add\n  path: /a',
    'apiVersion: v2\nname: chart\nversion: 1.0.0',
  ])('is no fault: %j', (text) => {
    expect(told(text)).toEqual([['1:1 skipped: it has no apiVersion and kind'], 0]);
  });

  test.each([
    `apiVersion: example.com/v1\nkind: Deployment\nspec: {}`,
    `apiVersion: example.com/v1\nkind: deployment\nspec: {}`,
    'apiVersion: v1\nkind: Service\nspec: {}',
    'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: { workloadRef: { name: web } }',
    `apiVersion: extensions/v1beta1\nkind: Deployment\nspec: { ${template} }`,
  ])('is an object: %j', (text) => {
    expect(told(text)).toEqual([[], 1]);
  });
});

test('content that kubectl ignores is reported', () => {
  const told = (text: string) =>
    parseManifests('web.yaml', text).skipped.map(({ isAlwaysShown, reason }) => ({ isAlwaysShown, reason }));
  const pod = 'apiVersion: v1\nkind: Pod\nspec: {}\n';
  const reason = 'kubectl ignores content after the end of a document without ---';
  expect(told(`${pod}...\n${pod}---\n${pod}`)).toEqual([{ isAlwaysShown: true, reason }]);
  expect(
    told(
      `{"apiVersion": "v1", "kind": "Pod", "spec": {}}\n---\n${'{"apiVersion": "v1", "kind": "Pod", "spec": {}}\n'.repeat(2)}`,
    ),
  ).toEqual([{ isAlwaysShown: true, reason }]);
  expect(told(`${pod}...\n---\n${pod}`)).toEqual([]);
});

test.each([
  ' apiVersion: v1\nkind: Pod\nspec: {}\n',
  'replicaCount: 1\n...\napiVersion: v1\nkind: Pod\n',
  '[]\napiVersion: v1\nkind: Pod\n',
  ' - apiVersion: v1\nkind: Pod\n',
])('a document that ends before its kind is a problem, as for kubectl: %j', (text) => {
  const { problems, skipped } = parseManifests('web.yaml', `${text}---\n${text}`);
  const message = 'ends before it has an apiVersion and a kind; check the indentation of its first line';
  expect(problems.map((problem) => problem.message)).toEqual([message, message]);
  expect(skipped).toEqual([]);
});

test('a byte order mark before a separator makes the file invalid, as for kubectl', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nspec: {}\n';
  expect(parseManifests('web.yaml', `${pod}\uFEFF---\n${pod}`)).toMatchObject({
    problems: [{ position: { line: 4, column: 1 } }],
    skipped: [],
  });
});

test('items of a List that are no objects are problems, as for kubectl', () => {
  const items =
    'apiVersion: v1\nkind: List\nitems:\n-\n- { apiVersion: v1, kind: Pod, spec: {} }\n- { kind: Pod, spec: {} }\n';
  const { problems, manifests } = parseManifests('web.yaml', items);
  expect(problems).toEqual([
    { file: 'web.yaml', position: { line: 3, column: 1 }, message: 'item 1 has no apiVersion and kind' },
    { file: 'web.yaml', position: { line: 6, column: 5 }, message: 'Pod without an apiVersion; write apiVersion: v1' },
  ]);
  expect(manifests).toHaveLength(1);
});

test('a kind with a space is a problem', () => {
  const { problems } = parseManifests('web.yaml', 'apiVersion: v1\nkind: "Pod "\nspec: {}\n');
  expect(problems.map(({ message }) => message)).toEqual(['there is no kind "Pod "; it is Pod']);
});

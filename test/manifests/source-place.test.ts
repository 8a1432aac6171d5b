import { expect, test } from 'vitest';
import { parseManifests } from '../../src/manifests/read-manifests.ts';
import { placedAt, sourceObjectsOf } from '../../src/manifests/source-place.ts';
import type { Pointer } from '../../src/patch/pointer.ts';

const deployment = (name: string, spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  template:\n    spec:\n${spec}`;

const base = deployment(
  'web',
  `      hostPID: false
      containers:
      - name: app
        image: app:1
        securityContext: { privileged: false }
`,
);
const inner = deployment('web', '      hostPID: true\n      containers:\n      - { name: app, image: app:2 }\n');
const outer = deployment(
  'web',
  `      containers:
      - name: proxy
        image: proxy:1
      - name: app
        image: app:3
`,
);
const made = deployment(
  'prod-web',
  `      hostPID: true
      containers:
      - name: proxy
        image: proxy:1
      - name: app
        image: app:3
        securityContext: { privileged: false }
`,
);

const objectsOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).flatMap(([file, text]) => parseManifests(file, text).manifests);
const sources = { complete: objectsOf({ base }), partial: objectsOf({ inner, outer }) };

/** Where the rendered object has a field from. */
function placeOf(field: string): string {
  const [rendered] = parseManifests('kustomization.yaml', made).manifests;
  const origin = rendered && sourceObjectsOf(rendered, sources);
  if (origin === undefined) throw new Error('nothing is rendered');
  const manifest = placedAt(rendered as NonNullable<typeof rendered>, origin);
  const { file = manifest.file, line, column } = manifest.document.positionOf(`/spec/template/spec${field}` as Pointer);
  return `${file}:${line}:${column}`;
}

test('a field that a patch sets is in the patch, the last one that sets it', () => {
  expect(placeOf('/hostPID')).toBe('inner:7:7');
  expect(placeOf('/containers/1/image')).toBe('outer:11:9');
});

test('what a patch adds is there, with what is missing in it', () => {
  expect(placeOf('/containers/0/image')).toBe('outer:9:9');
  expect(placeOf('/containers/0/securityContext/privileged')).toBe('outer:8:9');
});

test('all else is in the base, with what is missing there', () => {
  expect(placeOf('/containers/1/securityContext/privileged')).toBe('base:11:28');
  expect(placeOf('/containers/1/resources/limits')).toBe('base:9:9');
  expect(placeOf('/hostNetwork')).toBe('base:6:5');
  expect(placeOf('')).toBe('base:6:5');
});

test('a patch that is larger than the object is no base', () => {
  const [rendered] = parseManifests('kustomization.yaml', made).manifests;
  const larger = { complete: objectsOf({ inner }), partial: objectsOf({ base }) };
  expect(rendered && sourceObjectsOf(rendered, larger)?.base.file).toBe('inner');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseManifests } from '../../src/manifests/read-manifests.ts';
import { decodeText } from '../../src/yaml/encoding.ts';
import { cases, type Expected } from './corpus/cases.ts';

/** Recorded from kubectl 1.36 by `test/apiserver/manifest-corpus.test.ts`, which compares it anew. */
const recorded = readFileSync(join(import.meta.dirname, 'corpus/expected.jsonl'), 'utf8');
const expected = new Map(
  recorded
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Expected)
    .map((each) => [each.name, each] as const),
);

/** Where kubectl does otherwise: none of it hides an object from the audit. */
const known: ReadonlyMap<string, string> = new Map([
  ['scalars: 123456789.5 as a key', 'Go writes a float as 1.2345679e+08'],
  ['scalars: 1.5e10 as a key', 'Go writes a float as 1.5e+10'],
  ['strings: a line separator', 'it ends a line in YAML 1.1'],
  ['collections: no value in a flow map', 'the key of `d:}` is `d:` in YAML 1.1'],
  ['streams: a byte order mark after a separator and a comment', 'the mark in the key is told'],
  ['streams: a byte order mark after a separator that comes first', 'the mark in the key is told'],
  ['streams: no apiVersion', 'kubectl guesses it'],
  ['streams: a List in a List', 'what is in it is evaluated'],
  ['streams: JSON with a lone surrogate', 'Go makes U+FFFD of it'],
  ['streams: JSON with numbers', 'Go refuses 1e400'],
]);

test('the corpus is all recorded', () => {
  expect(cases.length).toBeGreaterThan(300);
  expect([...expected.keys()]).toEqual(cases.map(({ name }) => name));
});

test.each(cases.filter(({ name }) => !known.has(name)))('$name', ({ name, bytes }) => {
  const { manifests, problems, skipped } = parseManifests('a.yaml', decodeText(bytes));
  const { objects } = expected.get(name) ?? {};
  if (objects === undefined) expect(manifests.length === 0 || problems.length + skipped.length > 0).toBe(true);
  else expect([manifests.map(({ object }) => object.content), problems]).toEqual([objects, []]);
});

import { expect, test } from 'vitest';
import { blockNodeOf } from '../../src/yaml/block-style.ts';
import { chunksOf } from '../../src/yaml/chunks.ts';
import { decodeText } from '../../src/yaml/encoding.ts';
import { firstDocumentOf } from '../../src/yaml/nodes.ts';
import { cases } from '../manifests/corpus/cases.ts';

const read = [
  'a: 1',
  'a: b c # d\nb:   "x # y"  \nc: \'\'\n',
  '# first\n\na:\n  # second\n  b:\n\n    c: -1\n  d: # third\ne:',
  'a:\n- b\n- c: 1\n  d: 2\n-\n-   e:\n    - f\n    g: h:i#j\nk:\n  - - 1\n    - 2\n  - x: {}\n    y: [] # none\n',
  '---\n- a\n- "b"\n',
  'a: --b=c\nb: .5\nc: ~\nd: http://x/?y#z\ne: null\nf: 0x1F\ng: a é → 世\n',
];
test.each(read)('reads %j as the complete parser does', (text) => {
  expect(blockNodeOf(text)).toEqual(firstDocumentOf(text, true).node);
});

const left = [
  '',
  '# nothing',
  'text',
  'a: b\n  c',
  'a:\n  b: 1\n c: 2',
  'a:\n  - 1\n  b: 2',
  'a: 1\n- 2',
  '- 1\na: 2',
  'a: b: c',
  'a: |\n  b',
  'a: &b c',
  'a: *b',
  'a: !!int 1',
  'a: {b: c}',
  'a: [b]',
  'a: "b\\n"',
  'a: "b" c',
  "a: 'b''c'",
  'a: "b\n  c"',
  'a: "b"\n  c: d',
  'a:\tb',
  'a: b\r\n',
  '<<: a',
  '"a": b',
  '? a',
  'a: - b',
  'a: ?b',
  '--- a',
  '%YAML 1.2',
  '\uFEFFa: 1',
  `${'a'.repeat(1_000)}: 1`,
  '- '.repeat(200),
];
test.each(left)('leaves %j to the complete parser', (text) => {
  expect(blockNodeOf(text)).toBe(undefined);
});

test('reads the files of the corpus as the complete parser does, or leaves them to it', () => {
  const texts = cases.flatMap(({ bytes }) =>
    [...chunksOf(decodeText(bytes))].flatMap((chunk) => ('text' in chunk ? [chunk.text] : [])),
  );
  const own = texts.filter((text) => blockNodeOf(text) !== undefined);
  expect(own.length).toBeGreaterThan(200);
  expect(own.map(blockNodeOf)).toEqual(own.map((text) => firstDocumentOf(text, true).node));
});

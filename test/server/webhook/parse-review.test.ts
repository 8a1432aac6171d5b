import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReview } from '../../../src/server/webhook/parse-review.ts';

const parseJson = (text: string): unknown => parseReview(Buffer.from(text));
const entry = { manager: 'a "quoted" } \\', fieldsV1: { 'f:spec': { 'k:{"name":"x"}': {} } } };
const review = (managedFields: unknown, spec: unknown = { managedFields: 1 }) => {
  const note = '"managedFields":[{"a":1}]';
  const others = { otherFields: [entry], unmanagedFields: [entry] };
  const object = { metadata: { managedFields, annotations: { note, [note]: '\\' } }, spec, ...others };
  return { request: { object, oldObject: object, dryRun: false }, managedFields: [] };
};

test('the lists of managed fields are emptied, wherever they are, and nothing else is touched', () => {
  expect(parseJson(JSON.stringify(review([entry, entry])))).toStrictEqual(review([]));
  expect(parseJson(JSON.stringify(review([])))).toStrictEqual(review([]));
});

test.each([
  ['a bracket in a text', [{ ...entry, manager: 'a}]' }]],
  ['a bracket in a key', [{ fieldsV1: { 'k:{"mountPath":"/a}],"}': {}, 'f:b': {} } }]],
  ['a bracket and a comma in a text', [{ manager: 'a}],', operation: 'Update' }]],
  ['a list within', [{ fieldsV1: { list: [{}, { a: 1 }] } }]],
  ['a list as its last entry', [{}, [{}]]],
])('lists that end elsewhere are parsed as a whole: %s', (_case, managedFields) => {
  const given = review(managedFields, { containers: [{ name: 'app' }], volumes: [{}] });
  expect(parseJson(JSON.stringify(given))).toStrictEqual(given);
});

test('any other JSON is parsed as it is', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toStrictEqual(JSON.parse(text));
    }),
  );
});

/** JSON in which the characters that matter are frequent. */
const dense = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(1, true, null, {}, []),
    fc.string({ unit: fc.constantFrom('}', ']', ',', ':', '"', '\\', '1', 'a', '[', '{') }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ unit: fc.constantFrom('}', ']', ',', ':', '"', '1') }), tie('value'), { maxKeys: 3 }),
  ),
})).value;

test('any managed fields are emptied or kept, and the rest of the review means the same', () => {
  fc.assert(
    fc.property(dense, fc.oneof(fc.array(fc.dictionary(fc.string(), dense)), dense), (value, managedFields) => {
      const given = { before: value, managedFields, value, request: { managedFields, value }, dryRun: false };
      const parsed = parseJson(JSON.stringify(given)) as typeof given;
      const plain = JSON.parse(JSON.stringify(given)) as typeof given;
      expect([plain.managedFields, []]).toContainEqual(parsed.managedFields);
      expect({ ...parsed, managedFields: 0, request: { ...parsed.request, managedFields: 0 } }).toStrictEqual({
        ...plain,
        managedFields: 0,
        request: { ...plain.request, managedFields: 0 },
      });
    }),
  );
});

test.each(['{"managedFields":[', '{"managedFields":["', '{"managedFields":[{}]'])(
  'a text that ends early is not JSON: %s',
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  },
);

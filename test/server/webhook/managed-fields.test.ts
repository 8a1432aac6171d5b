import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutManagedFields } from '../../../src/server/webhook/managed-fields.ts';

test('the lists of managed fields are emptied, wherever they are, and nothing else is touched', () => {
  const managed = [{ manager: 'a "quoted" ] }\\', fieldsV1: { 'f:spec': { 'k:{"name":"x"}': {}, 'v:"]"': [[]] } } }];
  const note = '"managedFields":[{"a":1}]';
  const object = {
    metadata: { managedFields: managed, annotations: { note, [note]: '\\' } },
    spec: { managedFields: 1 },
  };
  const review = { request: { object, oldObject: object }, managedFields: [] };
  const emptied = { ...object, metadata: { ...object.metadata, managedFields: [] } };
  expect(JSON.parse(withoutManagedFields(JSON.stringify(review)))).toStrictEqual({
    request: { object: emptied, oldObject: emptied },
    managedFields: [],
  });
});

test('any other JSON stays as it is', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(withoutManagedFields(text)).toBe(text);
    }),
  );
});

test('any JSON means the same with managed fields that are emptied', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), fc.string(), (value, managedFields, text) => {
      const given = JSON.stringify({ before: text, managedFields, value, [text]: { managedFields } });
      expect(JSON.parse(withoutManagedFields(given))).toStrictEqual(
        JSON.parse(JSON.stringify({ before: text, managedFields: [], value, [text]: { managedFields: [] } })),
      );
    }),
  );
});

test.each(['{"managedFields":[', '{"managedFields":["', '{"managedFields":[{"a":"\\"]}'])(
  'a text that ends within them is left to the parser: %s',
  (text) => {
    expect(withoutManagedFields(text)).toBe(text);
  },
);

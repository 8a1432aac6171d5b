import { expect, test } from 'vitest';
import { listItems } from '../../../src/cluster/api/list-items.ts';

const bytes = new TextEncoder();

/** The items of a text that arrives in pieces of so many bytes. */
async function itemsOf(text: string, size: number): Promise<unknown[]> {
  const all = bytes.encode(text);
  async function* pieces() {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const found: unknown[] = [];
  for await (const items of listItems(pieces())) found.push(...items);
  return found;
}

const list = {
  kind: 'items',
  metadata: { items: [{ no: 'item' }], note: '{[' },
  others: [{ no: 'item' }],
  items: [
    { metadata: { name: 'a', items: [{ nested: ['deeply', {}] }] } },
    null,
    7,
    'items',
    { text: 'brackets ]}[{, "quotes", \\ and umlauts: ü 🙂' },
    {},
  ],
  last: { items: [{ no: 'item' }] },
};

test.each([1, 2, 3, 7, 64, 10_000])('the objects of a list that arrives in pieces of %d bytes', async (size) => {
  const objects = list.items.filter((item) => typeof item === 'object' && item !== null);
  expect(await itemsOf(JSON.stringify(list), size)).toEqual(objects);
  expect(await itemsOf(JSON.stringify(list, null, 2), size)).toEqual(objects);
});

test.each(['{}', '{"items":null}', '{"items":[]}', '{"items":"[{}]"}', '{"items":{}}'])(
  'there are none in %s',
  async (text) => {
    expect(await itemsOf(text, 100)).toEqual([]);
  },
);

test.each(['', 'Service Unavailable', '[{"items":[{}]}]', '{"items":[{"a":1}', '{"items":["a'])(
  '%j is no list',
  async (text) => {
    await expect(itemsOf(text, 3)).rejects.toThrow(new SyntaxError('it is no complete list'));
  },
);

test('an item that is not JSON is an error', async () => {
  await expect(itemsOf('{"items":[{]}', 3)).rejects.toThrow(SyntaxError);
});

test('a list is never held: an item is handed over before the next one is read', async () => {
  const count = 50_000;
  let read = 0;
  async function* pieces() {
    yield bytes.encode('{"items":[');
    for (; read < count; read++) yield bytes.encode(`${read === 0 ? '' : ','}{"index":${read}}`);
    yield bytes.encode(']}');
  }
  let taken = 0;
  for await (const items of listItems(pieces())) {
    expect(items).toEqual([{ index: taken }]);
    expect(read).toBe(taken);
    taken += 1;
  }
  expect(taken).toBe(count);
});

import { expect, test } from 'vitest';
import { namespacesOf, streamOf } from '../../../src/cluster/scan/namespaced-stream.ts';

/** A stream of `namespace/name`, in pages. */
const stream = (...pages: readonly (readonly string[])[]) =>
  streamOf(
    (async function* () {
      for (const page of pages) yield Promise.resolve(page);
    })(),
    (item) => item.slice(0, item.indexOf('/')),
  );

async function merged(...streams: readonly ReturnType<typeof stream>[]): Promise<string[]> {
  const taken: string[] = [];
  for await (const namespace of namespacesOf(streams))
    for (const each of streams)
      for await (const portion of each.take(namespace)) taken.push(`${namespace}: ${portion.join(' ')}`);
  return taken;
}

test('namespaces come in the order of keys, each once, with all that every stream has of them', async () => {
  const owners = stream(['a-b/x', 'a/x'], [], ['a/y', 'ab/x']);
  const pods = stream(['a-b/1', 'a-b/2'], ['a-b/3', 'a.b/1'], ['b/1']);
  expect(await merged(owners, pods)).toEqual([
    'a-b: a-b/x',
    'a-b: a-b/1 a-b/2',
    'a-b: a-b/3',
    'a.b: a.b/1',
    'a: a/x',
    'a: a/y',
    'ab: ab/x',
    'b: b/1',
  ]);
});

test('streams without items have no namespaces', async () => {
  expect(await merged(stream(), stream([]))).toEqual([]);
});

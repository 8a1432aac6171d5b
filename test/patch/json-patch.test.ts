import fc from 'fast-check';
import jsonPatch from 'fast-json-patch';
import { describe, expect, test } from 'vitest';
import { applyPatch, PatchMismatch } from '../../src/patch/apply-patch.ts';
import { append, type Edit, isTrue, raise, set, unset } from '../../src/patch/edits.ts';
import { EditConflict, type PatchOperation, toJsonPatch } from '../../src/patch/json-patch.ts';
import { type Pointer, pointer, valueAt } from '../../src/patch/pointer.ts';

describe('toJsonPatch', () => {
  test.each<{ name: string; document: unknown; edits: Edit[]; patch: PatchOperation[] }>([
    { name: 'no edit, no operation', document: { a: 1 }, edits: [], patch: [] },
    { name: 'what is so already gives none', document: { a: { b: [1] } }, edits: [set('/a', { b: [1] })], patch: [] },
    {
      name: 'a missing parent is added once, with all that goes into it',
      document: { spec: {} },
      edits: [set('/spec/a/b/c', 1), set('/spec/a/d', 2)],
      patch: [{ op: 'add', path: '/spec/a', value: { b: { c: 1 }, d: 2 } }],
    },
    {
      name: 'a null parent counts as missing',
      document: { spec: null },
      edits: [set('/spec/a', 1)],
      patch: [{ op: 'replace', path: '/spec', value: { a: 1 } }],
    },
    {
      name: 'siblings stay as they are',
      document: { metadata: { annotations: { mine: 'x' } } },
      edits: [set(pointer('metadata', 'annotations', 'podwright.dev/fixed'), 'y')],
      patch: [{ op: 'add', path: '/metadata/annotations/podwright.dev~1fixed', value: 'y' }],
    },
    {
      name: 'a key with a tilde and a slash',
      document: { a: { '~/': 1 } },
      edits: [set(pointer('a', '~/'), 2)],
      patch: [{ op: 'replace', path: '/a/~0~1', value: 2 }],
    },
    {
      name: 'a list grows at its end, one operation an element',
      document: { list: ['a'] },
      edits: [append('/list', 'b'), append('/list', 'a'), append('/list', 'c'), append('/list', 'b')],
      patch: [
        { op: 'add', path: '/list/-', value: 'b' },
        { op: 'add', path: '/list/-', value: 'c' },
      ],
    },
    {
      name: 'a list grows and an element of it is edited',
      document: { list: [{ a: 1 }, { b: 1 }] },
      edits: [append('/list', { c: 1 }), set('/list/0/size', 2), append('/list', { b: 1 })],
      patch: [
        { op: 'add', path: '/list/0/size', value: 2 },
        { op: 'add', path: '/list/-', value: { c: 1 } },
      ],
    },
    {
      name: 'a missing list is added whole',
      document: {},
      edits: [append('/a/list', 1), append('/a/list', 2)],
      patch: [{ op: 'add', path: '/a', value: { list: [1, 2] } }],
    },
    {
      name: 'two raises count as the larger',
      document: { grace: 30 },
      edits: [raise('/grace', 40), raise('/grace', 35)],
      patch: [{ op: 'replace', path: '/grace', value: 40 }],
    },
    { name: 'a raise never lowers', document: { grace: 60 }, edits: [raise('/grace', 40)], patch: [] },
    {
      name: 'a raise of nothing sets',
      document: {},
      edits: [raise('/grace', 40)],
      patch: [{ op: 'add', path: '/grace', value: 40 }],
    },
    { name: 'unset removes', document: { a: 1 }, edits: [unset('/a')], patch: [{ op: 'remove', path: '/a' }] },
    { name: 'unset of nothing is nothing, not even its parent', document: {}, edits: [unset('/a/b')], patch: [] },
    {
      name: 'the same edit twice is one',
      document: {},
      edits: [set('/a', 1), set('/a', 1)],
      patch: [{ op: 'add', path: '/a', value: 1 }],
    },
  ])('$name', ({ document, edits, patch }) => {
    expect(toJsonPatch(document, edits)).toEqual(patch);
  });

  test.each([
    { name: 'two values of one field', edits: [set('/a', 1), set('/a', 2)] },
    { name: 'set and raise', edits: [set('/a', 1), raise('/a', 2)] },
    { name: 'a field and what is below it', edits: [set('/a', {}), set('/a/b', 2)] },
    { name: 'an element of a list that is not there', edits: [append('/a', 1), set('/a/0', 2)] },
    { name: 'a list set and grown', edits: [append('/a', 1), set('/a', [])] },
  ])('contradiction: $name', ({ edits }) => {
    expect(() => toJsonPatch({}, edits)).toThrow(new EditConflict('/a'));
  });

  test('contradiction: a list that grows is edited behind its end', () => {
    const edits = [unset('/a/0/b'), append('/a', { b: 1 })];
    expect(() => toJsonPatch({ a: [] }, edits)).toThrow(new EditConflict('/a'));
  });

  test('integers beyond 2^53 are never sent back', () => {
    const document: unknown = JSON.parse('{"tolerations":[{"tolerationSeconds":9223372036854775807}]}');
    const patch = toJsonPatch(document, [append('/tolerations', { key: 'a' })]);
    expect(patch).toEqual([{ op: 'add', path: '/tolerations/-', value: { key: 'a' } }]);
  });
});

describe('applyPatch', () => {
  test.each<{ operation: PatchOperation; why: string }>([
    { operation: { op: 'add', path: '/x/y', value: 1 }, why: 'add /x/y: its parent does not exist' },
    { operation: { op: 'replace', path: '/x', value: 1 }, why: 'replace /x: there is nothing there' },
    { operation: { op: 'remove', path: '/x' }, why: 'remove /x: there is nothing there' },
    { operation: { op: 'add', path: '/list/2', value: 1 }, why: 'add /list/2: no such index' },
    { operation: { op: 'replace', path: '/list/-', value: 1 }, why: 'replace /list/-: no such index' },
    { operation: { op: 'add', path: '/nothing/a', value: 1 }, why: 'add /nothing/a: its parent does not exist' },
  ])('$why', ({ operation, why }) => {
    const thrown = (): unknown => applyPatch({ list: [0], nothing: null }, [operation]);
    expect(thrown).toThrow(PatchMismatch);
    expect(thrown).toThrow(why);
  });

  test('a member called __proto__ stays a member', () => {
    const document: unknown = JSON.parse('{"labels":{"__proto__":"x"}}');
    const patched = applyPatch(document, [{ op: 'add', path: '/labels/a', value: 'y' }]);
    expect(JSON.stringify(patched)).toBe('{"labels":{"__proto__":"x","a":"y"}}');
  });
});

const key = fc.constantFrom('a', 'b', 'c', 'd/e', '~', '0');
const leaf = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom('x', null, true));
const { tree: json } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
    fc.array(tie('tree'), { maxLength: 2 }),
  ),
}));
const objects = fc.dictionary(key, json, { maxKeys: 4 });
const path = fc.array(key, { minLength: 1, maxLength: 3 }).map((keys): Pointer => pointer(...keys));
const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('x', true), fc.constant({ n: 1 }));
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(path, value).map(([at, wanted]) => set(at, wanted)),
  // not of a list's elements: those behind would move up
  path.filter((at) => !at.endsWith('/0')).map((at) => unset(at)),
  fc.tuple(path, fc.integer({ min: 0, max: 9 })).map(([at, floor]) => raise(at, floor)),
  fc.tuple(path, value).map(([at, element]) => append(at, element)),
);

describe('properties', () => {
  test('a patch makes every edit true, another implementation agrees, and a second patch is empty', () => {
    let applied = 0;
    fc.assert(
      fc.property(objects, fc.array(edit, { maxLength: 5 }), (document, edits) => {
        const patch = patchOrConflict(document, edits);
        if (patch === undefined) return;
        const patched = applyOrMismatch(document, patch);
        if (patched === undefined) return;
        applied++;
        for (const one of edits) if (!isTrue(one, valueAt(patched, one.path))) throw new Error(JSON.stringify(one));
        const theirs: unknown = jsonPatch.applyPatch(
          structuredClone(document),
          structuredClone(patch),
          true,
        ).newDocument;
        expect(patched).toEqual(theirs);
        expect(toJsonPatch(patched, edits)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(applied).toBeGreaterThan(500);
  });
});

/** Edits of a random list contradict each other at times, which is theirs to say. */
function patchOrConflict(document: unknown, edits: readonly Edit[]): PatchOperation[] | undefined {
  try {
    return toJsonPatch(document, edits);
  } catch (error) {
    if (error instanceof EditConflict) return undefined;
    throw error;
  }
}

/** A path may lead through a scalar or beyond a list. */
function applyOrMismatch(document: unknown, patch: readonly PatchOperation[]): unknown {
  try {
    return applyPatch(document, patch);
  } catch (error) {
    if (error instanceof PatchMismatch) return undefined;
    throw error;
  }
}

import { expect } from 'vitest';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import type { PatchOperation } from '../../src/patch/json-patch.ts';
import { valueAt } from '../../src/patch/pointer.ts';

/** Expects that every operation changes something and no two are about one field; additions to a list share their path. */
export function expectMinimal(patch: readonly PatchOperation[], document: object): void {
  const fields = patch.map(({ path }) => path).filter((path) => !path.endsWith('/-'));
  expect(new Set(fields).size).toBe(fields.length);
  let before: unknown = document;
  for (const operation of patch) {
    if (operation.op === 'replace') expect(valueAt(before, operation.path)).not.toEqual(operation.value);
    const after = applyPatch(before, [operation]);
    expect(after).not.toEqual(before);
    before = after;
  }
}

import type { PatchOperation } from './json-patch.ts';
import { childOf, segmentsOf } from './pointer.ts';

/** The patch does not fit the document. */
export class PatchMismatch extends Error {
  constructor(operation: PatchOperation, why: string) {
    super(`${operation.op} ${operation.path}: ${why}`);
    this.name = 'PatchMismatch';
  }
}

/**
 * The document with the patch applied, strictly as RFC 6902 says (the API server is laxer: it lets `replace` create a
 * member). The input stays as it is; what the patch does not touch is shared with it.
 *
 * @throws PatchMismatch when an operation does not fit.
 */
export function applyPatch(document: unknown, patch: readonly PatchOperation[]): unknown {
  return patch.reduce((current, operation) => step(current, segmentsOf(operation.path), operation), document);
}

function step(value: unknown, [segment, ...rest]: string[], operation: PatchOperation): unknown {
  if (segment === undefined) return operation.op === 'remove' ? undefined : operation.value;
  if (typeof value !== 'object' || value === null) throw new PatchMismatch(operation, 'its parent does not exist');
  if (rest.length === 0)
    return Array.isArray(value) ? inList(value, segment, operation) : inObject(value, segment, operation);
  const child = childOf(value, segment);
  if (child === undefined) throw new PatchMismatch(operation, 'its parent does not exist');
  const changed = step(child, rest, operation);
  return Array.isArray(value) ? value.with(Number(segment), changed) : { ...value, [segment]: changed };
}

function inObject(object: object, key: string, operation: PatchOperation): object {
  const exists = Object.hasOwn(object, key);
  if (operation.op !== 'add' && !exists) throw new PatchMismatch(operation, 'there is nothing there');
  if (operation.op !== 'remove') return { ...object, [key]: operation.value };
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== key));
}

function inList(list: readonly unknown[], segment: string, operation: PatchOperation): unknown[] {
  const index = segment === '-' ? list.length : Number(segment);
  const last = operation.op === 'add' ? list.length : list.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > last) throw new PatchMismatch(operation, 'no such index');
  if (operation.op === 'remove') return list.toSpliced(index, 1);
  return operation.op === 'add' ? list.toSpliced(index, 0, operation.value) : list.with(index, operation.value);
}

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
 * Applies the patch strictly according to RFC 6902 (the API server is more lenient: it lets `replace` create a member).
 * The input is not changed, and unpatched parts are shared with it. Each patched part is copied once, regardless of the
 * number of operations.
 * @throws PatchMismatch when an operation does not apply.
 */
export function applyPatch(document: unknown, patch: readonly PatchOperation[]): unknown {
  const copies = new Set<object>();
  let root = document;
  for (const operation of patch) {
    const segments = segmentsOf(operation.path);
    const last = segments.pop();
    if (last === undefined) {
      root = operation.op === 'remove' ? undefined : operation.value;
      continue;
    }
    root = copyOf(root, copies, operation);
    let parent = root as Container;
    for (const segment of segments) {
      const copy = copyOf(childOf(parent, segment), copies, operation);
      assign(parent, segment, copy);
      parent = copy;
    }
    if (Array.isArray(parent)) changeList(parent, last, operation);
    else changeObject(parent, last, operation);
  }
  return root;
}

type Container = unknown[] | Record<string, unknown>;

/** A mutable copy of the value; the value itself if it is already a copy. */
function copyOf(value: unknown, copies: Set<object>, operation: PatchOperation): Container {
  if (typeof value !== 'object' || value === null) throw new PatchMismatch(operation, 'its parent does not exist');
  if (copies.has(value)) return value as Container;
  const copy: Container = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  copies.add(copy);
  return copy;
}

/** Also works for a member called `__proto__`, which an assignment would not create. */
function assign(parent: Container, segment: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(segment)] = value;
  else Object.defineProperty(parent, segment, { value, configurable: true, enumerable: true, writable: true });
}

function changeObject(object: Record<string, unknown>, key: string, operation: PatchOperation): void {
  const exists = Object.hasOwn(object, key);
  if (operation.op !== 'add' && !exists) throw new PatchMismatch(operation, 'there is nothing there');
  if (operation.op === 'remove') delete object[key];
  else assign(object, key, operation.value);
}

function changeList(list: unknown[], segment: string, operation: PatchOperation): void {
  const index = segment === '-' ? list.length : Number(segment);
  const last = operation.op === 'add' ? list.length : list.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > last) throw new PatchMismatch(operation, 'no such index');
  if (operation.op === 'remove') list.splice(index, 1);
  else if (operation.op === 'replace') list[index] = operation.value;
  else if (index === list.length) list.push(operation.value);
  else list.splice(index, 0, operation.value);
}

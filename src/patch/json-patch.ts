import { canonicalJson, type Edit, isTrue, sameJson } from './edits.ts';
import { childOf, type Pointer, pointer, segmentsOf } from './pointer.ts';

/** One operation of an RFC 6902 patch. Only these three are ever sent, because a failing `test` would deny the Pod. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: Pointer; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: Pointer };

/** Two edits set one field differently, which is a bug in the rules that created them. */
export class EditConflict extends Error {
  constructor(path: Pointer) {
    super(`two edits contradict each other at ${path}`);
    this.name = 'EditConflict';
  }
}

interface Node {
  readonly children: Map<string, Node>;
  /** The only edit of this field, unless it is a list that grows. */
  edit: Edit | undefined;
  /** The elements to append, by their canonical text, so that duplicates count once. */
  appended: Map<string, unknown> | undefined;
}

const emptyNode = (): Node => ({ children: new Map(), edit: undefined, appended: undefined });

/**
 * The smallest patch that satisfies every edit. Satisfied edits give no operation, a missing parent is added once with
 * all its content, lists only grow at the end, and values that no edit names are not rewritten (a list sent back
 * through JavaScript would lose integers above 2^53). The larger of two `raise` edits of a field wins.
 * @throws EditConflict when other edits meet in one field, or when a growing list is edited at an element that it does
 * not have.
 */
export function toJsonPatch(document: unknown, edits: Iterable<Edit>): PatchOperation[] {
  const root = emptyNode();
  for (const edit of edits) addToTree(root, edit);
  const operations: PatchOperation[] = [];
  emit(root, document, '', operations);
  return operations;
}

function addToTree(root: Node, edit: Edit): void {
  let node = root;
  for (const segment of segmentsOf(edit.path)) {
    let child = node.children.get(segment);
    if (child === undefined) node.children.set(segment, (child = emptyNode()));
    node = child;
  }
  if (edit.kind === 'append') (node.appended ??= new Map()).set(canonicalJson(edit.value), edit.value);
  else node.edit = node.edit === undefined ? edit : merged(node.edit, edit);
}

/** Of two edits of one field, the one that satisfies both. */
function merged(edit: Edit, other: Edit): Edit {
  if (edit.kind === 'raise' && other.kind === 'raise') return edit.value < other.value ? other : edit;
  if (!sameJson(edit, other)) throw new EditConflict(edit.path);
  return edit;
}

function emit(node: Node, value: unknown, path: Pointer, operations: PatchOperation[]): void {
  const edit = onlyEdit(node, path);
  if (edit !== undefined) emitLeaf(edit, value, operations);
  else if (node.appended !== undefined) emitList(node, node.appended, value, path, operations);
  else if (value === undefined || value === null) emitMissing(node, value, path, operations);
  else emitChildren(node, value, path, operations);
}

function emitChildren(node: Node, value: unknown, path: Pointer, operations: PatchOperation[]): void {
  for (const [key, child] of node.children) emit(child, childOf(value, key), `${path}${pointer(key)}`, operations);
}

/** The edit of this field; undefined if there is none or it is a list that grows. */
function onlyEdit({ edit, appended, children }: Node, path: Pointer): Edit | undefined {
  if (edit !== undefined && (children.size > 0 || appended !== undefined)) throw new EditConflict(path);
  return edit;
}

function emitLeaf(edit: Edit, current: unknown, operations: PatchOperation[]): void {
  if (isTrue(edit, current)) return;
  if (edit.kind === 'unset') operations.push({ op: 'remove', path: edit.path });
  else operations.push({ op: current === undefined ? 'add' : 'replace', path: edit.path, value: edit.value });
}

/** A list that grows; edits of its existing elements are allowed and do not count as appended elements. */
function emitList(
  node: Node,
  appended: ReadonlyMap<string, unknown>,
  list: unknown,
  path: Pointer,
  operations: PatchOperation[],
): void {
  const { children } = node;
  const isList = Array.isArray(list);
  const isThere = (key: string): boolean => isList && childOf(list, key) !== undefined;
  if (![...children.keys()].every(isThere)) throw new EditConflict(path);
  emitChildren(node, list, path, operations);
  const kept = isList ? list.filter((_, index) => !children.has(String(index))) : [];
  const present = new Set(kept.map(canonicalJson));
  const wanted = [...appended].flatMap(([text, value]) => (present.has(text) ? [] : [value]));
  if (wanted.length === 0) return;
  if (!isList) operations.push({ op: 'add', path, value: wanted });
  else for (const value of wanted) operations.push({ op: 'add', path: `${path}/-`, value });
}

function emitMissing(node: Node, current: null | undefined, path: Pointer, operations: PatchOperation[]): void {
  const value = build(node, path);
  if (value !== undefined) operations.push({ op: current === undefined ? 'add' : 'replace', path, value });
}

/** The value of a missing field, from all edits below it. */
function build(node: Node, path: Pointer): unknown {
  const edit = onlyEdit(node, path);
  if (edit !== undefined) return edit.kind === 'unset' ? undefined : edit.value;
  if (node.appended !== undefined && node.children.size > 0) throw new EditConflict(path);
  if (node.appended !== undefined) return [...node.appended.values()];
  const members = [...node.children]
    .map(([key, child]) => [key, build(child, `${path}${pointer(key)}`)] as const)
    .filter(([, value]) => value !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

import { isAlias, isCollection, isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { PatchOperation } from '../../patch/json-patch.ts';
import { type Pointer, segmentsOf } from '../../patch/pointer.ts';
import { type AliasTargets, isMergePair, mergedMapNode, mergedNodes, nodeKeyText, targetNode } from './aliases.ts';

/** The place in a document's nodes where an operation takes effect. */
export interface Site {
  /** The map or list to edit. */
  readonly collection: YAMLMap | YAMLSeq;
  /** The key or index in it; `-` is the end of a list. */
  readonly key: string;
  /** The existing pair in the map. */
  readonly pair: Pair | undefined;
  /** The depth of the collection in the data. */
  readonly depth: number;
  readonly operation: PatchOperation;
  /** The anchor through which other places share the edited text, if there is one. */
  readonly sharedAs: string | undefined;
}

/** A document as nodes. */
export interface NodeTree {
  readonly contents: Node;
  readonly targets: AliasTargets;
  /** The nodes that aliases refer to. */
  readonly anchored: ReadonlySet<Node>;
}

/** A member of a map. */
interface Member {
  readonly pair: Pair;
  /** Whether it comes from a merge key instead of this map itself. */
  readonly isMerged: boolean;
}

/** Finds where an operation takes effect; undefined if the document has no such place. */
export function siteOf(operation: PatchOperation, { contents, targets, anchored }: NodeTree): Site | undefined {
  const segments = segmentsOf(operation.path);
  const key = segments.pop();
  if (key === undefined) return undefined;
  let collection: Node = contents;
  let sharedAs: string | undefined;
  for (const segment of segments) {
    const next = childOf(collection, segment, targets);
    const target = targetNode(next?.value, targets);
    if (target === undefined) return undefined;
    if (isAlias(next?.value) || anchored.has(target)) sharedAs ??= 'anchor' in target ? target.anchor : undefined;
    if (next?.isMerged === true) sharedAs ??= '<<';
    collection = target;
  }
  if (!isCollection(collection)) return undefined;
  const depth = segments.length;
  if (isSeq(collection)) return { collection, key, pair: undefined, depth, operation, sharedAs };
  if (!isMap(collection)) return undefined;
  const member = memberOf(collection, key, targets);
  // a key in the map itself overrides a merged one
  const pair = member?.isMerged === true ? undefined : member?.pair;
  return { collection, key, pair, depth, operation, sharedAs };
}

/** The node at a path, or the target of an alias there. */
export function nodeAt(contents: Node, path: Pointer, targets: AliasTargets): Node | undefined {
  let node: Node | undefined = contents;
  for (const segment of segmentsOf(path)) node = node && targetNode(childOf(node, segment, targets)?.value, targets);
  return node;
}

function childOf(
  node: Node,
  segment: string,
  targets: AliasTargets,
): { readonly value: unknown; readonly isMerged: boolean } | undefined {
  if (isSeq(node)) return { value: node.items[Number(segment)], isMerged: false };
  const member = isMap(node) ? memberOf(node, segment, targets) : undefined;
  return member && { value: member.pair.value, isMerged: member.isMerged };
}

/** The pair that wins, as in the conversion to data. */
function memberOf(map: YAMLMap, key: string, targets: AliasTargets): Member | undefined {
  let found: Member | undefined;
  for (const pair of map.items) {
    if (isMergePair(pair)) {
      for (const source of mergedNodes(pair.value)) {
        const merged = mergedMapNode(source, targets);
        const member = merged && memberOf(merged, key, targets);
        if (member !== undefined) found = { ...member, isMerged: true };
      }
    } else if (nodeKeyText(pair.key, targets) === key) found = { pair, isMerged: false };
  }
  return found;
}

import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml';

/** The target of each alias in a document; missing if the anchor is not defined before it. */
export type AliasTargets = ReadonlyMap<unknown, Node>;

/** Finds the targets in text order, because an anchor's name may be reused. */
export function aliasTargetsOf(contents: Node): AliasTargets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(contents, {
    Node(_, node) {
      const target = isAlias(node) ? anchors.get(node.source) : undefined;
      if (isAlias(node) && target !== undefined) targets.set(node, target);
      if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** The node itself, or the target of an alias. */
export function targetNode(node: unknown, targets: AliasTargets): Node | undefined {
  if (isAlias(node)) return targets.get(node);
  return isNode(node) ? node : undefined;
}

/** The text of a map key; undefined if it is not text. */
export function nodeKeyText(key: unknown, targets: AliasTargets): string | undefined {
  const node = targetNode(key, targets);
  return isScalar(node) ? String(node.value) : undefined;
}

/** Whether the pair is `<<: …`; a quoted `"<<"` is an ordinary key. */
export function isMergePair({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}

/** The maps that a merge key includes, in ascending precedence. */
export function mergedNodes(value: unknown): readonly unknown[] {
  return isSeq(value) ? value.items.toReversed() : [value];
}

/** The map of a merge source. */
export function mergedMapNode(source: unknown, targets: AliasTargets): YAMLMap | undefined {
  const target = targetNode(source, targets);
  return isMap(target) ? target : undefined;
}

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

/** The node that each alias of a document stands for; one whose anchor does not stand before it is missing. */
export type AliasTargets = ReadonlyMap<unknown, Node>;

/** Finds the targets in the order of the text, since an anchor's name may be used again. */
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

/** The node itself, or what it is an alias of. */
export function targetOf(node: unknown, targets: AliasTargets): Node | undefined {
  if (isAlias(node)) return targets.get(node);
  return isNode(node) ? node : undefined;
}

/** The text of a map key; undefined for one that is no text. */
export function keyText(key: unknown, targets: AliasTargets): string | undefined {
  const node = targetOf(key, targets);
  return isScalar(node) ? String(node.value) : undefined;
}

/** Whether the pair is `<<: …`; a quoted `"<<"` is an ordinary key. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}

/** The nodes that a merge key brings in, the one that overrides the others last. */
export function mergeSources(value: unknown): readonly unknown[] {
  return isSeq(value) ? value.items.toReversed() : [value];
}

/** The map that a merge source stands for. */
export function mergedMap(source: unknown, targets: AliasTargets): YAMLMap | undefined {
  const target = targetOf(source, targets);
  return isMap(target) ? target : undefined;
}

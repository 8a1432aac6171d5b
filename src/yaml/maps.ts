import type { MapNode, YamlNode, YamlPair } from './nodes.ts';
import { scalarValue } from './scalars.ts';

/** The node itself, or the target of an alias. */
export function targetOf(node: YamlNode): Exclude<YamlNode, { kind: 'alias' }> | undefined {
  return node.kind === 'alias' ? node.target : node;
}

/** The text of a map key as kubectl writes it; undefined for keys that JSON does not support. */
export function keyText(key: YamlNode): string | undefined {
  const node = targetOf(key);
  if (node?.kind !== 'scalar') return undefined;
  const value = scalarValue(node);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  if (typeof value !== 'number') return undefined;
  return Number.isNaN(value) ? '.nan' : String(value).replace('Infinity', '.inf');
}

/** Whether the pair is `<<: …`; a quoted `"<<"` is an ordinary key. */
export function isMerge({ key }: YamlPair): boolean {
  return key.kind === 'scalar' && key.isPlain && key.text === '<<';
}

/** The maps that a merge key includes, in ascending precedence. */
export function mergeSources(value: YamlNode): readonly YamlNode[] {
  return value.kind === 'list' ? value.items.toReversed() : [value];
}

/** The map of a merge source. */
export function mergedMap(source: YamlNode): MapNode | undefined {
  const target = targetOf(source);
  return target?.kind === 'map' ? target : undefined;
}

import { keyText } from './maps.ts';
import type { YamlNode } from './nodes.ts';
import type { Remark } from './plain-data.ts';

/** Duplicate keys in maps, in text order. */
export function repeatedKeysOf(node: YamlNode | undefined): Remark[] {
  if (node?.kind === 'list') return node.items.flatMap(repeatedKeysOf);
  if (node?.kind !== 'map') return [];
  const written = new Set<string>();
  return node.pairs.flatMap(({ key, value }) => {
    const text = keyText(key);
    const isRepeated = text !== undefined && text !== '<<' && written.has(text);
    if (text !== undefined) written.add(text);
    return [...(isRepeated ? [{ offset: key.offset, text }] : []), ...repeatedKeysOf(value)];
  });
}

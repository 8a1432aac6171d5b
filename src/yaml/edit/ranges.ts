import type { Pointer } from '../../patch/pointer.ts';
import type { YamlDocument } from '../document.ts';
import { aliasTargetsOf } from './aliases.ts';
import { documentIn, offsetsOf, passagesOf } from './passage.ts';
import { nodeAt } from './site.ts';

/** A part of a text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the ranges of values in a stream's documents; falls back to the whole part of the stream that is parsed with
 * the document.
 */
export function rangesOf(stream: string): (document: YamlDocument, paths: readonly Pointer[]) => Range[] {
  const offsetOf = offsetsOf(stream);
  const passageAt = passagesOf(stream);
  return ({ start }, paths) => {
    const offset = offsetOf(start);
    const passage = passageAt(offset);
    const all = { start: passage.offset, end: passage.offset + passage.text.length };
    const found = documentIn(passage, offset);
    if (found === undefined) return [all];
    const targets = aliasTargetsOf(found.contents);
    const ranges = paths.map((path): Range => {
      const range = nodeAt(found.contents, path, targets)?.range;
      return range == null ? all : { start: passage.offset + range[0], end: passage.offset + range[1] };
    });
    return ranges.includes(all) ? [all] : ranges;
  };
}

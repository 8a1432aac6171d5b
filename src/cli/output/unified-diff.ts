import { formatPatch, OMIT_HEADERS, structuredPatch } from 'diff';

/** The differences between two texts as the hunks of a unified diff with three lines of context; empty if they are equal. */
export function unifiedHunks(before: string, after: string): string[] {
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context: 3 });
  return patch.hunks.length === 0 ? [] : formatPatch(patch, OMIT_HEADERS).replace(/\n$/, '').split('\n');
}

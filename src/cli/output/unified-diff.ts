import { formatPatch, OMIT_HEADERS, structuredPatch } from 'diff';

/** What turns one text into the other as the hunks of a unified diff, three lines of context each; none where they are equal. */
export function unifiedHunks(before: string, after: string): string[] {
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context: 3 });
  return patch.hunks.length === 0 ? [] : formatPatch(patch, OMIT_HEADERS).replace(/\n$/, '').split('\n');
}

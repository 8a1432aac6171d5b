import type { Rule } from '../../src/engine/rule.ts';

/** The sections of the note that a rule's documentation names as its source; none for a rule that has another source. */
export function noteSectionsOf({ docs }: Rule): number[] {
  const [, sections = ''] = /the note, sections? ([^;]*)/.exec(docs.source) ?? [];
  return sections.match(/\d+/g)?.map(Number) ?? [];
}

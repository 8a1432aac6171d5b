/** A range of a text and its replacement. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A splice with its depth in the data: of several insertions at one place, the deepest comes first. */
export interface DeepSplice extends Splice {
  readonly depth: number;
}

/** The splices in text order; undefined if two of them overlap. */
export function inOrder(splices: readonly DeepSplice[]): Splice[] | undefined {
  const sorted = splices.toSorted((a, b) => a.start - b.start || a.end - b.end || b.depth - a.depth);
  let end = 0;
  for (const splice of sorted) {
    if (splice.start < end) return undefined;
    ({ end } = splice);
  }
  return sorted.map(({ start, end: last, text }) => ({ start, end: last, text }));
}

/** Maps a line number to that after the splices were applied. */
export function linesAfter(text: string, splices: readonly Splice[]): (line: number) => number {
  let line = 1;
  let passed = 0;
  const moves = splices.map(({ start, end, text: made }) => {
    line += lineEndsIn(text.slice(passed, start));
    passed = start;
    return { from: line, by: lineEndsIn(made) - lineEndsIn(text.slice(start, end)) };
  });
  return (before) => moves.reduce((after, { from, by }) => (from <= before ? after + by : after), before);
}

/** The number of line endings in a text. */
export const lineEndsIn = (text: string): number => text.split('\n').length - 1;

/** The text with all splices, given in text order, applied. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let made = '';
  let next = 0;
  for (const splice of splices) {
    made += text.slice(next, splice.start) + splice.text;
    next = splice.end;
  }
  return made + text.slice(next);
}

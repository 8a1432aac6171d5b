/** A range of a text, and what is to stand there instead. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A splice, and how deep in the data what it writes stands: of what is inserted at one place the deepest comes first. */
export interface DeepSplice extends Splice {
  readonly depth: number;
}

/** The splices in the order of the text; undefined where two of them are about the same characters. */
export function inOrder(splices: readonly DeepSplice[]): Splice[] | undefined {
  const sorted = splices.toSorted((a, b) => a.start - b.start || a.end - b.end || b.depth - a.depth);
  let end = 0;
  for (const splice of sorted) {
    if (splice.start < end) return undefined;
    ({ end } = splice);
  }
  return sorted.map(({ start, end: last, text }) => ({ start, end: last, text }));
}

/** Turns a line of a text into the line where it stands once the splices are in their places. */
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

/** How many lines end in a text. */
export const lineEndsIn = (text: string): number => text.split('\n').length - 1;

/** The text with all splices, which are in its order, in their places. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let made = '';
  let next = 0;
  for (const splice of splices) {
    made += text.slice(next, splice.start) + splice.text;
    next = splice.end;
  }
  return made + text.slice(next);
}

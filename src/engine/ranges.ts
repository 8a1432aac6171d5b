/** Numbers from one to another, both included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The range of a text: a number, `from-to`, or `from-` without an end. Undefined for other texts, and if it is empty. */
export function rangeFrom(text: string): Range | undefined {
  const [, start, dash, end] = /^(\d{1,10})(?:(-)(\d{1,10})?)?$/.exec(text) ?? [];
  if (start === undefined) return undefined;
  const from = Number(start);
  const open = dash === undefined ? from : Infinity;
  const to = end === undefined ? open : Number(end);
  return from <= to ? { from, to } : undefined;
}

/** Whether a number is in one of the ranges. */
export const isInRanges = (ranges: readonly string[], value: number): boolean =>
  ranges.some((text) => {
    const range = rangeFrom(text);
    return range !== undefined && range.from <= value && value <= range.to;
  });

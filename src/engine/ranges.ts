/** The form of an element: a number, `from-to`, or `from-` without an end. */
export const rangePattern = String.raw`^\d{1,10}(-(\d{1,10})?)?$`;

/** Whether a number is in one of the ranges, ends included. */
export const isInRanges = (ranges: readonly string[], value: number): boolean =>
  ranges.some((range) => {
    const [from = '', to = from] = range.split('-');
    return Number(from) <= value && value <= (to === '' ? Infinity : Number(to));
  });

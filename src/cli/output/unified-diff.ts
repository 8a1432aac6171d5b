/** A line of either text, and whether it is in both. */
interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

const context = 3;

/** What turns one text into the other as the hunks of a unified diff, three lines of context each; none where they are equal. */
export function unifiedHunks(before: string, after: string): string[] {
  const lines = editScript(linesOf(before), linesOf(after));
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const ranges: { start: number; end: number }[] = [];
  for (const index of changed) {
    const [start, end] = [Math.max(0, index - context), Math.min(lines.length, index + context + 1)];
    const last = ranges.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else ranges.push({ start, end });
  }
  return ranges.flatMap(({ start, end }) => {
    const hunk = lines.slice(start, end);
    const earlier = lines.slice(0, start);
    const range = (without: Line['sign']): string => rangeOf(countOf(earlier, without), countOf(hunk, without));
    return [`@@ -${range('+')} +${range('-')} @@`, ...hunk.map(({ sign, text }) => `${sign}${text}`)];
  });
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const countOf = (lines: readonly Line[], without: Line['sign']): number =>
  lines.filter(({ sign }) => sign !== without).length;

/** As GNU diff writes it: an empty range begins at the line before it. */
function rangeOf(skipped: number, count: number): string {
  const start = count === 0 ? skipped : skipped + 1;
  return count === 1 ? `${start}` : `${start},${count}`;
}

/** The shortest way from one list of lines to the other: Myers, An O(ND) Difference Algorithm and Its Variations, 1986. */
function editScript(before: readonly string[], after: readonly string[]): Line[] {
  let furthest = new Map([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; ; edits++) {
    trace.push(furthest);
    furthest = new Map(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(furthest, diagonal, edits)
        ? (furthest.get(diagonal + 1) ?? 0)
        : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkedBack(trace, before, after);
    }
  }
}

const isDown = (furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean =>
  diagonal === -edits || (diagonal !== edits && (furthest.get(diagonal - 1) ?? 0) < (furthest.get(diagonal + 1) ?? 0));

function walkedBack(
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): Line[] {
  const lines: Line[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const from = isDown(furthest, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const startX = furthest.get(from) ?? 0;
    const startY = startX - from;
    while (x > startX && y > startY && x > 0 && y > 0) {
      lines.push({ sign: ' ', text: before[--x] ?? '' });
      y--;
    }
    if (edits === 0) break;
    if (x === startX) lines.push({ sign: '+', text: after[--y] ?? '' });
    else lines.push({ sign: '-', text: before[--x] ?? '' });
  }
  return lines.toReversed();
}

/** The seconds of each unit of a duration. */
export const secondsIn = { w: 7 * 86_400, d: 86_400, h: 3_600, m: 60, s: 1 } as const;

const units = (['d', 'h', 'm', 's'] as const).map((unit) => [unit, secondsIn[unit]] as const);

/** The two largest units of a time, rounded down: `7d`, `1d 3h`, `45s`. */
export function durationText(seconds: number): string {
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0s';
  let left = seconds;
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

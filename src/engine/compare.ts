/** Orders two texts by code unit, independent of the locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The order of pointers in which elements of a list stand as they do in the list: `/volumes/2` before `/volumes/10`. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const [first, second] = [a.split('/'), b.split('/')];
  const at = first.findIndex((segment, index) => segment !== second[index]);
  const [one = '', other = ''] = at === -1 ? [] : [first[at], second[at]];
  const areIndexes = /^\d+$/.test(one) && /^\d+$/.test(other);
  return areIndexes ? Number(one) - Number(other) : compare(a, b);
}

/** Orders two texts by code unit, independent of the locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

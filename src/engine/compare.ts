/** The order of two texts by code unit, which is the same everywhere. */
export const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

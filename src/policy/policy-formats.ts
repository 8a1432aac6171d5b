import { rangeFrom } from '../engine/ranges.ts';
import { parseQuantity } from '../subject/quantity.ts';
import { dayMs } from '../time-units.ts';

/** The formats in the policy schema that are not part of JSON Schema. */
export const policyFormats = {
  quantity: (text: string): boolean => parseQuantity(text) !== undefined,
  portRange: (text: string): boolean => isRangeWithin(text, 1, 65_535),
  idRange: (text: string): boolean => isRangeWithin(text, 0, 2_147_483_647),
  day: (text: string): boolean => endOfDay(text) !== undefined,
} as const;

function isRangeWithin(text: string, lowest: number, highest: number): boolean {
  const range = rangeFrom(text);
  return range !== undefined && range.from >= lowest && (range.to <= highest || range.to === Infinity);
}

/**
 * The end of a day in UTC, milliseconds since 1970: the first moment of the next. The day is written `2027-03-31`, or as
 * its midnight, which is what some YAML tools turn an unquoted day into. Undefined for a day that no calendar has.
 */
export function endOfDay(text: string): number | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})(?:T00:00:00(?:\.0+)?Z)?$/.exec(text) ?? [];
  const start = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(start.getTime()) || start.getUTCDate() !== Number(day)) return undefined;
  return start.getTime() + dayMs;
}

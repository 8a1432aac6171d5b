import { parseQuantity } from '../subject/quantity.ts';
import { endOfDay } from './day.ts';

/** The formats that the policy schema names, beyond those of JSON Schema. */
export const policyFormats = {
  quantity: (text: string): boolean => parseQuantity(text) !== undefined,
  day: (text: string): boolean => endOfDay(text) !== undefined,
} as const;

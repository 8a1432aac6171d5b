import type { JsonSchema } from './json-schema.ts';
import { expectationOf } from './texts.ts';

/** The schema's requirement, as the end of `must be …`. */
export function expectation(schema: JsonSchema): string {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return `one of ${schema.enum.filter((value) => value !== false).join(', ')}`;
  switch (schema.type) {
    case 'object':
      return 'a mapping';
    case 'array':
      return 'a list';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `an integer${range(schema)}`;
    case undefined:
    default:
      return textExpectation(schema);
  }
}

const formats = new Map([
  ['quantity', 'a quantity such as 500m or 64Mi'],
  ['portRange', 'a port from 1 to 65535 or a range of ports, such as "9100" or "30000-30999"'],
  ['idRange', 'a number or a range of numbers up to 2147483647, such as "1000" or "10000-"'],
]);

function textExpectation({ format, pattern, minLength }: JsonSchema): string {
  const formatted = format === undefined ? undefined : formats.get(format);
  if (formatted !== undefined) return formatted;
  if (pattern !== undefined) return expectationOf(pattern) ?? `text that matches ${pattern}`;
  return minLength === undefined ? 'text' : `text of at least ${count(minLength, 'character')}`;
}

const count = (amount: number, noun: string): string => `${amount} ${amount === 1 ? noun : `${noun}s`}`;

function range({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

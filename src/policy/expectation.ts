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

function textExpectation({ format, pattern, minLength }: JsonSchema): string {
  if (format === 'quantity') return 'a quantity such as 500m or 64Mi';
  if (pattern !== undefined) return expectationOf(pattern) ?? `text that matches ${pattern}`;
  return minLength === undefined ? 'text' : `text of at least ${count(minLength, 'character')}`;
}

const count = (amount: number, noun: string): string => `${amount} ${amount === 1 ? noun : `${noun}s`}`;

function range({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

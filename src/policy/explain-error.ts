import { type Pointer, pointer, segmentsOf } from '../patch/pointer.ts';
import { nearestWord } from './nearest-word.ts';
import type { JsonSchema } from './schema.ts';
import type { SchemaError } from './validate.ts';

/** What is wrong at one place of a policy file. */
export interface PolicyFault {
  readonly path: Pointer;
  readonly message: string;
}

const unsupported: ReadonlySet<string> = new Set(['namespaces', 'exemptions', 'podTemplates']);

/** The validator's error in words that say what to write instead. */
export function explainError(error: SchemaError): PolicyFault {
  const path = error.instancePath as Pointer;
  const schema: JsonSchema = error.parentSchema ?? {};
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      return { path: `${path}${pointer(key)}`, message: unknownKey(path, key, schema) };
    }
    case 'required': {
      const key = String(error.params['missingProperty']);
      const wanted = schema.properties?.[key] ?? {};
      return { path: `${path}${pointer(key)}`, message: `is missing; it must be ${expectation(wanted)}` };
    }
    default:
      return { path, message: wrongValue(path, schema, error.data) };
  }
}

function unknownKey(path: Pointer, key: string, schema: JsonSchema): string {
  const known = Object.keys(schema.properties ?? {});
  if (path === '' && unsupported.has(key)) return `${key} is not supported yet`;
  const nearest = nearestWord(key, known);
  const [section, rule, ...rest] = segmentsOf(path);
  const isRule = section === 'rules' && rule === undefined;
  const what = isRule ? 'there is no such rule' : 'unknown key';
  if (nearest !== undefined) return `${what}; did you mean "${nearest}"?`;
  if (isRule) return `${what}; podwright rules lists all of them`;
  if (rule !== undefined && rest.length === 0 && key === 'fix') return 'this rule has no fix';
  if (rule !== undefined && rest.length === 0 && key === 'options') return 'this rule has no options';
  return `${what}; it must be one of ${known.join(', ')}`;
}

function wrongValue(path: Pointer, schema: JsonSchema, value: unknown): string {
  const not = `not ${shown(value)}`;
  if (path !== '/kubernetesVersion') return `must be ${expectation(schema)}, ${not}`;
  if (typeof value === 'number')
    return 'must be in quotes, like "1.30", for without them YAML reads 1.30 as the number 1.3';
  return `must be a version from "1.28" on, without patch level, ${not}`;
}

/** What the schema asks for, as the end of `must be …`. */
function expectation(schema: JsonSchema): string {
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

function textExpectation(schema: JsonSchema): string {
  if (schema.format === 'quantity') return 'a quantity such as 500m or 64Mi';
  if (schema.pattern !== undefined) return `text that matches ${schema.pattern}`;
  return schema.minLength === undefined ? 'text' : `text of at least ${count(schema.minLength, 'character')}`;
}

const count = (amount: number, noun: string): string => `${amount} ${amount === 1 ? noun : `${noun}s`}`;

function range({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

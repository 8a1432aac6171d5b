import { type Pointer, pointer, segmentsOf } from '../patch/pointer.ts';
import { expectation } from './expectation.ts';
import type { JsonSchema } from './json-schema.ts';
import { nearestWord } from './nearest-word.ts';
import type { PolicyFault } from './policy-problem.ts';
import { adviceFor } from './texts.ts';
import type { SchemaError } from './validate.ts';

/** The validator's error in words that say what to write instead; empty if another error already covers it. */
export function explainError(error: SchemaError): PolicyFault[] {
  const path = error.instancePath as Pointer;
  const schema: JsonSchema = error.parentSchema ?? {};
  const at = (key: string): Pointer => `${path}${pointer(key)}`;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      return [{ path: at(key), message: unknownKey(path, key, schema) }];
    }
    case 'required': {
      const key = String(error.params['missingProperty']);
      return [{ path: at(key), message: `is missing; ${missing(path, key, schema.properties?.[key] ?? {})}` }];
    }
    case 'propertyNames':
      return [];
    case 'minItems':
    case 'minProperties':
      return [{ path, message: tooFew(path, schema) }];
    default: {
      const { propertyName } = error;
      if (propertyName === undefined) return [{ path, message: wrongValue(path, schema, error.data) }];
      return [{ path: at(propertyName), message: wrongValue(path, schema, propertyName) }];
    }
  }
}

function unknownKey(path: Pointer, key: string, schema: JsonSchema): string {
  const known = Object.keys(schema.properties ?? {});
  const nearest = nearestWord(key, known);
  const [section, rule, ...rest] = segmentsOf(path.replace(/^\/namespaces\/\d+/, '') as Pointer);
  const isSetting = section === 'rules' && rule !== undefined && rest.length === 0;
  if (section === 'rules' && rule === undefined) return noSuchRule(nearest);
  if (path === '' && key === 'policy')
    return 'unknown key; these are chart values: the policy file is the content of this key, preceded by apiVersion, kind and mode';
  if (nearest !== undefined) return `unknown key; did you mean "${nearest}"?`;
  if (section === 'exemptions' && ofPolicies.has(key))
    return `only exemptions in the policy match by ${key}; these apply to the namespace of their ConfigMap`;
  if (isSetting && key === 'fix') return 'this rule has no fix';
  if (isSetting && key === 'options') return 'this rule has no options';
  return `unknown key; it must be one of ${known.join(', ')}`;
}

/** Keys of an exemption's match that a team's own cannot have. */
const ofPolicies = new Set(['namespaces', 'namespaceLabels', 'users', 'groups']);

const noSuchRule = (nearest: string | undefined): string =>
  `there is no such rule; ${nearest === undefined ? 'podwright rules lists all of them' : `did you mean "${nearest}"?`}`;

function missing(path: Pointer, key: string, wanted: JsonSchema): string {
  const isExemption = path.startsWith('/exemptions/');
  if (key === 'match')
    return `specify what it applies to, by at least one of ${Object.keys(wanted.properties ?? {}).join(', ')}`;
  if (isExemption && key === 'reason') return 'explain why this is justified';
  if (isExemption && key === 'owner') return 'name the person or team responsible';
  if ((isExemption || path === '/selfService') && key === 'rules') return nameRules(wanted);
  if (isExemption && key === 'expires') return 'write the last day on which it applies, like 2027-03-31';
  return `it must be ${expectation(wanted)}`;
}

const nameRules = ({ items }: JsonSchema): string =>
  items?.enum?.includes('*') ? 'name the rules, or write ["*"] for all' : 'name the rules one by one';

function tooFew(path: Pointer, schema: JsonSchema): string {
  const [section, , key, field] = segmentsOf(path);
  if (section === 'exemptions' && key === 'rules') return `is empty; ${nameRules(schema)}`;
  if (section === 'namespaces' && field === undefined)
    return 'is empty; specify namespaces by names, labels or both; settings for all namespaces belong at the top level';
  if (section === 'exemptions' && field === undefined)
    return `is empty; specify what it applies to, by at least one of ${Object.keys(schema.properties ?? {}).join(', ')}`;
  if (key === 'match') return 'is empty and would match nothing; name at least one, or omit the key';
  return 'is empty; name at least one';
}

function wrongValue(path: Pointer, schema: JsonSchema, value: unknown): string {
  const not = `not ${shown(value)}`;
  if (/^\/(exemptions\/\d+|selfService)\/rules\/\d+$/.test(path)) return wrongRule(schema, value);
  if (path === '/kind' && value === 'ConfigMap') return `must be Policy, ${not}; take the text out of its data`;
  if (path === '/kubernetesVersion')
    return typeof value === 'number'
      ? 'must be in quotes, like "1.30", because YAML otherwise reads 1.30 as the number 1.3'
      : `must be a version from "1.28" on, without patch level, ${not}`;
  if (schema.type === 'array' && typeof value === 'string') return `must be a list, like [${shown(value)}], ${not}`;
  return [`must be ${expectation(schema)}, ${not}`, ...advice(schema, value)].join('; ');
}

function wrongRule({ enum: known = [] }: JsonSchema, value: unknown): string {
  if (typeof value !== 'string') return `must be the id of a rule, not ${shown(value)}`;
  if (value.includes('*'))
    return known.includes('*')
      ? 'rules are named one by one; ["*"] alone stands for all'
      : 'name the rules one by one, without *';
  return noSuchRule(nearestWord(value, known.map(String)));
}

function advice({ type, pattern, format }: JsonSchema, value: unknown): string[] {
  const hasForm = format === undefined ? pattern !== undefined : format.endsWith('Range');
  if (!hasForm) return [];
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return ['put it in quotes'];
  if (pattern === undefined) return [];
  const found = typeof value === 'string' ? adviceFor(pattern, value) : undefined;
  return found === undefined ? [] : [found];
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

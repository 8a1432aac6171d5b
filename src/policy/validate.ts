import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Rule } from '../engine/rule.ts';
import { parseQuantity } from '../subject/quantity.ts';
import { endOfDay } from './day.ts';
import { policySchema } from './schema.ts';

export type SchemaError = ErrorObject;

const compiled = new WeakMap<readonly Rule[], ValidateFunction>();

/** Every way in which the data departs from the policy schema of these rules. */
export function schemaErrors(data: unknown, rules: readonly Rule[]): readonly SchemaError[] {
  let validate = compiled.get(rules);
  if (validate === undefined) {
    const ajv = new Ajv({ allErrors: true, strict: true, verbose: true });
    ajv.addFormat('quantity', (text) => parseQuantity(text) !== undefined);
    ajv.addFormat('day', (text) => endOfDay(text) !== undefined);
    validate = ajv.compile(policySchema(rules));
    compiled.set(rules, validate);
  }
  return validate(data) ? [] : (validate.errors ?? []);
}

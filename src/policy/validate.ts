import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Rule } from '../engine/rule.ts';
import { rules as builtIn } from '../rules/index.ts';

export type SchemaError = ErrorObject;

const validators = new WeakMap<readonly Rule[], Promise<ValidateFunction>>();

/** Every violation of these rules' policy schema in the data. */
export async function schemaErrors(data: unknown, rules: readonly Rule[]): Promise<readonly SchemaError[]> {
  const found = validators.get(rules) ?? validatorFor(rules);
  validators.set(rules, found);
  const validate = await found;
  return validate(data) ? [] : (validate.errors ?? []);
}

/** Podwright's own rules have a validator that was generated in advance. */
async function validatorFor(rules: readonly Rule[]): Promise<ValidateFunction> {
  if (rules !== builtIn) return (await import('./compile-validator.ts')).compileValidator(rules);
  const { validate } = await import('./built-in-validator.ts');
  return validate as unknown as ValidateFunction;
}

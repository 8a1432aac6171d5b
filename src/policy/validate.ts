import type { ErrorObject } from 'ajv';
import type { Rule } from '../engine/rule.ts';
import { rules as builtIn } from '../rules/index.ts';
import type { Validators } from './compile-validator.ts';

export type SchemaError = ErrorObject;

const validators = new WeakMap<readonly Rule[], Promise<Validators>>();

/** Every error of the data under the schema of policy files, or of files of exemptions, with these rules. */
export async function schemaErrors(
  form: keyof Validators,
  data: unknown,
  rules: readonly Rule[],
): Promise<readonly SchemaError[]> {
  const found = validators.get(rules) ?? validatorsFor(rules);
  validators.set(rules, found);
  const validate = (await found)[form];
  return validate(data) ? [] : (validate.errors ?? []);
}

/** Podwright's own rules have validators that were generated in advance. */
async function validatorsFor(rules: readonly Rule[]): Promise<Validators> {
  if (rules !== builtIn) return (await import('./compile-validator.ts')).compileValidators(rules);
  return (await import('./built-in-validator.ts')) as unknown as Validators;
}

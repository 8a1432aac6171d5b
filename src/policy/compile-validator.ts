import { Ajv, type Options, type ValidateFunction } from 'ajv';
import type { Rule } from '../engine/rule.ts';
import { policyFormats } from './policy-formats.ts';
import { validationSchema } from './validation-schema.ts';

/** Compiles the policy schema of the rules, which takes about half a second. */
export function compileValidator(rules: readonly Rule[]): ValidateFunction {
  return ajvOf({}).compile(validationSchema(rules));
}

/** The validator as it is used, whether it is compiled at run time or written to a file. */
export function ajvOf(code: NonNullable<Options['code']>): Ajv {
  return new Ajv({
    allErrors: true,
    strict: true,
    verbose: true,
    messages: false,
    inlineRefs: false,
    // texts are only asked not to be empty; to count characters, the code would need Ajv at run time
    unicode: false,
    // which Ajv would warn of
    logger: false,
    formats: { ...policyFormats },
    code,
  });
}

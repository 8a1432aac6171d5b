import { Ajv, type Options, type ValidateFunction } from 'ajv';
import type { Rule } from '../engine/rule.ts';
import { policyFormats } from './policy-formats.ts';
import { validationSchema } from './validation-schema.ts';

/** Compiles the policy schema of the rules, which takes about half a second. */
export function compileValidator(rules: readonly Rule[]): ValidateFunction {
  return ajvOf({}).compile(validationSchema(rules));
}

/** The validator configuration for both run time and generated code. */
export function ajvOf(code: NonNullable<Options['code']>): Ajv {
  return new Ajv({
    allErrors: true,
    strict: true,
    // the user of an image is a number or a name
    allowUnionTypes: true,
    verbose: true,
    messages: false,
    inlineRefs: false,
    // texts must only be non-empty; counting characters would need Ajv at run time
    unicode: false,
    // Ajv would warn about these
    logger: false,
    formats: { ...policyFormats },
    code,
  });
}

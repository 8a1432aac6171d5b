import { Ajv, type Options, type ValidateFunction } from 'ajv';
import type { Rule } from '../engine/rule.ts';
import { policyFormats } from './policy-formats.ts';
import { exemptionsValidationSchema, validationSchema } from './validation-schema.ts';

/** The validators of policy files and of files of exemptions. */
export interface Validators {
  readonly policy: ValidateFunction;
  readonly exemptions: ValidateFunction;
}

/** Compiles the schemas of policy files and of files of exemptions, which takes about half a second. */
export function compileValidators(rules: readonly Rule[]): Validators {
  const ajv = ajvOf({});
  return { policy: ajv.compile(validationSchema(rules)), exemptions: ajv.compile(exemptionsValidationSchema(rules)) };
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

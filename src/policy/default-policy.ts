import type { Policy } from '../engine/policy.ts';
import type { Rule } from '../engine/rule.ts';
import { resolve } from './resolve.ts';

/** The policy without a policy file: `extends: recommended`, `mode: enforce`. */
export function defaultPolicy(rules: readonly Rule[]): Policy {
  return resolve({}, rules);
}

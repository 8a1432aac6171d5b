import { type Pointer, pointer } from '../patch/pointer.ts';

/** The key of the ConfigMap that holds the policy file. */
export const policyKey = 'policy.yaml';

/** The place of the policy file in the ConfigMap. */
export const policyPath: Pointer = pointer('data', policyKey);

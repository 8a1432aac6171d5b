export { keepPolicy, type ReadPolicy } from './keep-policy.ts';
export { type PolicyNames, watchPolicyConfigMap } from './policy-config-map.ts';

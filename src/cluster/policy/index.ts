export { keepPolicy, type ReadPolicy } from './keep-policy.ts';
export { type PolicyNames, readLastValid, watchPolicyConfigMap } from './policy-config-map.ts';

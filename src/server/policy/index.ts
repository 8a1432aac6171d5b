export { type ClusterPolicy, openClusterPolicy, type PolicyConfigMapOptions } from './cluster-policy.ts';
export { watchExemptions } from './exemption-expiry.ts';
export { type FiledPolicy, openPolicyFile } from './policy-file.ts';
export { type LoadPolicy, readPolicy } from './policy-in-force.ts';

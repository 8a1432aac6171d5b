export { watchExemptions } from './exemption-expiry.ts';
export { type LoadPolicy, openPolicyFile, type PolicySource } from './policy-file.ts';

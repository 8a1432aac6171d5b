export { type OpenClaim, openClaim, type UntrustedSubject } from './owner-claim.ts';
export { accountsOf, asAdmitted, openAdmitted } from './owner-trust.ts';
export { type UnlistedOperator, unlistedOperators } from './unlisted-operators.ts';

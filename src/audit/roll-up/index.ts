export { matchSubjects } from './match-subjects.ts';
export { openOwnerIndex, uidOf } from './owner-index.ts';
export { openRollUp } from './roll-up.ts';
export { asOwner } from './scanned-owner.ts';
export { expectsPods, hasFinished } from './workload-state.ts';

export { openOwnerIndex, uidOf } from './owner-index.ts';
export { openRollUp } from './roll-up.ts';
export { asOwner } from './scanned-owner.ts';
export { sideBySide } from './side-by-side.ts';
export { hasFinished, wantsPods } from './wants-pods.ts';

import { compare } from '../engine/compare.ts';
import type { Exemption } from '../engine/exemption.ts';
import { shortened } from '../engine/shortened.ts';
import { dayMs } from '../time-units.ts';
import type { ExemptionState, Status } from './status.ts';
import { trimToLength } from './trim-to-length.ts';

const maxLength = 24 * 1024;
const longestText = 200;

/** As many exemptions as a status has room for, starting with those that end first. */
export function listedExemptions(
  exemptions: readonly Exemption[],
  now: number,
): Pick<Status, 'exemptions' | 'omittedExemptions'> {
  const states = exemptions.toSorted(byEnd).map((exemption) => stateOf(exemption, now));
  const listed = trimToLength(states, maxLength);
  return { exemptions: listed, omittedExemptions: states.length - listed.length };
}

const byEnd = (a: Exemption, b: Exemption): number =>
  (a.expiresAt ?? Number.MAX_VALUE) - (b.expiresAt ?? Number.MAX_VALUE) || compare(a.name, b.name);

const stateOf = ({ name, owner, reason, expires, expiresAt }: Exemption, now: number): ExemptionState => ({
  name: shortened(name, longestText),
  owner: shortened(owner, longestText),
  reason: shortened(reason, longestText),
  expires: expires ?? null,
  daysLeft: expiresAt === undefined ? null : Math.max(0, Math.ceil((expiresAt - now) / dayMs)),
});

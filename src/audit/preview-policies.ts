import type { Exemption } from '../engine/exemption.ts';
import type { Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import { accountsOf, asAdmitted } from './belief.ts';
import { endsSoon, hasExpired } from './exemption-ends.ts';
import type { ScannedSubject } from './scanned-subject.ts';
import type { KnownCluster } from './surroundings.ts';

/** The input of a preview. */
export interface PreviewQuestion {
  readonly policy: Policy;
  /** The same policy as written, without the preview's ceilings. */
  readonly written: Policy;
  /** The policy to compare with. */
  readonly before?: Policy | undefined;
  /** The exemptions known for add-ons. */
  readonly addOns: readonly Exemption[];
  readonly surroundings: Pick<KnownCluster, 'now' | 'at'>;
}

/** One workload under several policies. */
export interface PreviewedSubject {
  readonly after: ScannedSubject;
  /** Under the policy to compare with. */
  readonly before?: ScannedSubject | undefined;
  /** Under the policy of `after` with the exemptions known for add-ons. */
  readonly withAddOns: ScannedSubject;
  /** Under the policy of `after` without the exemptions that end soon; absent if there are none. */
  readonly later?: ScannedSubject | undefined;
  /** Under the policy of `after` with its expired exemptions extended; absent if there are none. */
  readonly renewed?: ScannedSubject | undefined;
}

/** The policies under which every workload is evaluated, and a function that combines the results, given in the same order. */
export interface PreviewPolicies {
  readonly policies: readonly Policy[];
  previewed(judgements: readonly ScannedSubject[]): PreviewedSubject;
}

export function previewPolicies({ policy, before, addOns, surroundings: { now } }: PreviewQuestion): PreviewPolicies {
  const { exemptions } = policy;
  const kept = exemptions.filter((exemption) => !endsSoon(exemption, now));
  const renewed = exemptions.map((exemption) => (hasExpired(exemption, now) ? lasting(exemption) : exemption));
  const roles: readonly (readonly [keyof PreviewedSubject, Policy])[] = [
    ['after', policy],
    ['withAddOns', { ...policy, exemptions: [...exemptions, ...addOns] }],
    ...(kept.length < exemptions.length ? [['later', { ...policy, exemptions: kept }] as const] : []),
    ...(exemptions.some((exemption) => hasExpired(exemption, now))
      ? [['renewed', { ...policy, exemptions: renewed }] as const]
      : []),
    ...(before === undefined ? [] : [['before', before] as const]),
  ];
  return {
    policies: roles.map(([, each]) => each),
    previewed: (judgements) =>
      Object.fromEntries(roles.map(([role], index) => [role, judgements[index]])) as unknown as PreviewedSubject,
  };
}

function lasting(exemption: Exemption): Exemption {
  const { expiresAt: _, ...others } = exemption;
  return others;
}

/** The subjects as admission treats them, each under its policy. */
export function asAllAdmitted(
  subjects: readonly PreviewedSubject[],
  { policy, before = policy }: Pick<PreviewQuestion, 'policy' | 'before'>,
): PreviewedSubject[] {
  const accounts = accountsOf(subjects.map(({ after }) => after));
  const [now, earlier] = [asAdmitted(accounts, policy), asAdmitted(accounts, before)];
  return subjects.map(({ after, withAddOns, before, later, renewed }) => ({
    after: now(after),
    withAddOns: now(withAddOns),
    ...(before && { before: earlier(before) }),
    ...(later && { later: now(later) }),
    ...(renewed && { renewed: now(renewed) }),
  }));
}

/**
 * The policy with `mode` set to this at the top and in all namespace entries. Other ceilings stay, and namespaces that
 * are turned off stay off.
 */
export function withCeiling(policy: Policy, mode: Mode): Policy {
  const isLifted = (own: Mode | undefined): boolean => own !== undefined && own !== 'off';
  const namespaces = policy.namespaces.map((entry) => (isLifted(entry.mode) ? { ...entry, mode } : entry));
  return { ...policy, mode, namespaces };
}

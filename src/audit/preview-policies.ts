import type { Exemption } from '../engine/exemption.ts';
import type { Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import { endsSoon, hasExpired } from './exemption-ends.ts';
import type { ScannedSubject } from './scanned-subject.ts';
import type { Surroundings } from './surroundings.ts';

/** What is to be previewed. */
export interface PreviewQuestion {
  readonly policy: Policy;
  /** The same as it is written, without the ceilings that are set for the preview. */
  readonly written: Policy;
  /** The policy that it is compared with. */
  readonly before?: Policy | undefined;
  /** The exemptions that are known for add-ons. */
  readonly addOns: readonly Exemption[];
  readonly surroundings: Pick<Surroundings, 'now' | 'labelsOf'>;
}

/** One workload as several policies see it. */
export interface PreviewedSubject {
  readonly after: ScannedSubject;
  /** Under the policy that it is compared with. */
  readonly before?: ScannedSubject | undefined;
  /** Under the policy of `after` with the exemptions that are known for add-ons. */
  readonly withAddOns: ScannedSubject;
  /** Under the policy of `after` without the exemptions that end soon, where it has any. */
  readonly later?: ScannedSubject | undefined;
  /** Under the policy of `after` as if its exemptions had not expired, where some have. */
  readonly renewed?: ScannedSubject | undefined;
}

/** The policies that every workload is to be judged under, and what their judgements make, given in the same order. */
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

/**
 * The policy with every ceiling called `mode` set to this, its own and those of namespaces. Other ceilings stay, and so
 * does what is switched off in namespaces.
 */
export function withCeiling(policy: Policy, mode: Mode): Policy {
  const isLifted = (own: Mode | undefined): boolean => own !== undefined && own !== 'off';
  const namespaces = policy.namespaces.map((entry) => (isLifted(entry.mode) ? { ...entry, mode } : entry));
  return { ...policy, mode, namespaces };
}

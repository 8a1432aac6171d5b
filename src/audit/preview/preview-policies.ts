import type { Exemption } from '../../engine/exemption.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Mode } from '../../engine/rule.ts';
import type { ScannedSubject } from '../scanned-subject.ts';
import type { KnownCluster } from '../surroundings.ts';
import { endsSoon, hasExpired } from './exemption-ends.ts';
import type { PreviewedSubject } from './previewed-subject.ts';

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

/** The policies under which every workload is evaluated, and a function that combines the results, given in the same order. */
export interface PreviewPolicies {
  readonly policies: readonly Policy[];
  previewed(evaluated: readonly ScannedSubject[]): PreviewedSubject;
}

/** The policies that a preview needs: only those with an effect of their own. */
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
    previewed: (evaluated) =>
      Object.fromEntries(roles.map(([role], index) => [role, evaluated[index]])) as unknown as PreviewedSubject,
  };
}

function lasting(exemption: Exemption): Exemption {
  const { expiresAt: _, ...others } = exemption;
  return others;
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

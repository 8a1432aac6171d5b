import { endsSoon, hasExpired, soonDays } from '../audit/preview/index.ts';
import type { Exemption } from '../engine/exemption.ts';
import { isAtLeast, type Policy } from '../engine/policy.ts';
import { modes } from '../engine/rule.ts';
import { counted } from './output/layout.ts';

/** `mode enforce; 4 rules enforce, 3 warn, 2 audit, 1 off; 3 fixes on`. */
export function policySummary(policy: Policy): string {
  const counts = modes.toReversed().flatMap((mode) => {
    const count = policy.rules.filter((setting) => setting.mode === mode).length;
    return count === 0 ? [] : [`${count} ${mode}`];
  });
  const fixing = policy.rules.filter(({ rule, mode, fix }) => rule.fix && fix && isAtLeast(mode, 'warn')).length;
  const fixes = policy.fixes ? `${fixing} fixes on` : 'no fixes';
  return `mode ${policy.mode}; rules: ${counts.join(', ')}; ${fixes}`;
}

/** `2 namespaces entries`, `3 exemptions, 1 expired: cni (2025-01-01)`, without empty sections. */
export function sectionSummary({ namespaces, exemptions, selfService, podTemplates }: Policy, now: number): string[] {
  const named = (what: string, some: readonly Exemption[]): string[] =>
    some.length === 0 ? [] : [`${what}: ${some.map(({ name, expires }) => `${name} (${expires})`).join(', ')}`];
  const past = exemptions.filter((exemption) => hasExpired(exemption, now));
  const near = exemptions.filter((exemption) => endsSoon(exemption, now));
  const parts = [
    counted(exemptions.length, 'exemption'),
    ...named(`${past.length} expired`, past),
    ...named(`${near.length} ${near.length === 1 ? 'ends' : 'end'} within ${soonDays} days`, near),
  ];
  return [
    ...(namespaces.length === 0
      ? []
      : [namespaces.length === 1 ? '1 namespaces entry' : `${namespaces.length} namespaces entries`]),
    ...(exemptions.length === 0 ? [] : [parts.join(', ')]),
    ...(selfService === undefined
      ? []
      : [`teams may exempt ${selfService.rules.join(', ')} for ${counted(selfService.maximumDays, 'day')}`]),
    ...(podTemplates.length === 0
      ? []
      : [`${counted(podTemplates.length, 'further kind')}: ${podTemplates.map(({ kind }) => kind).join(', ')}`]),
  ];
}

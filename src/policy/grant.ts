import type { Exemption } from '../engine/exemption.ts';
import type { Namespace } from '../engine/namespace-entry.ts';
import { matchOf } from '../engine/namespace-policy.ts';
import type { Policy, SelfService } from '../engine/policy.ts';
import { teamConfigMap } from '../manifests/team-config-map.ts';
import { pointer } from '../patch/pointer.ts';
import { dayMs } from '../time-units.ts';
import type { PolicyFault, PolicyProblem } from './policy-problem.ts';
import { problemAt } from './read-document.ts';
import type { TeamExemptions } from './team-exemptions.ts';

export { teamConfigMap, teamTextName } from '../manifests/team-config-map.ts';

/** The part of a team's exemptions that a policy grants. */
export interface Grant {
  /** Limited to the namespace, and named after it. */
  readonly exemptions: readonly Exemption[];
  /** Why the others have no effect. */
  readonly problems: readonly PolicyProblem[];
}

/**
 * Grants each exemption that stays within the limits of the policy. An exemption that expires too late is not granted
 * before its last days, so nothing applies for longer than the policy allows.
 */
export function grant(written: TeamExemptions, namespace: Namespace, policy: Policy, now: number): Grant {
  const { selfService } = policy;
  if (selfService === undefined)
    return rejected('the policy allows no exemptions in ConfigMaps; ask the platform team');
  if (matchOf({ match: selfService.match ?? {} }, namespace) === 'no')
    return rejected(`the policy allows no exemptions in namespace ${namespace.name}; ask the platform team`);
  if ('problems' in written) return { exemptions: [], problems: written.problems };
  const { exemptions, document } = written;
  const faults = exemptions.map((exemption, index) => faultsOf(exemption, index, selfService, now));
  return {
    exemptions: exemptions
      .filter((_, index) => faults[index]?.length === 0)
      .map((exemption) => limitedTo(namespace.name, exemption, selfService)),
    problems: faults.flat().map((fault) => problemAt(document, fault)),
  };
}

const rejected = (message: string): Grant => ({
  exemptions: [],
  problems: [{ line: 1, column: 1, field: '', message }],
});

function faultsOf({ rules, expires, expiresAt }: Exemption, index: number, limits: SelfService, now: number) {
  const startOfToday = now - (now % dayMs);
  const latestEnd = startOfToday + (limits.maximumDays + 1) * dayMs;
  const faults: PolicyFault[] = rules.flatMap((rule, at) =>
    limits.rules.includes(rule)
      ? []
      : [{ path: pointer('exemptions', index, 'rules', at), message: forbidden(rule, limits.rules) }],
  );
  if (expiresAt === undefined || expiresAt > latestEnd) {
    const latest = new Date(latestEnd - dayMs).toISOString().slice(0, '2027-03-31'.length);
    const message = `must be ${latest} or earlier, not ${expires}; the policy allows at most ${limits.maximumDays} days`;
    faults.push({ path: pointer('exemptions', index, 'expires'), message });
  }
  return faults;
}

const forbidden = (rule: string, allowed: readonly string[]): string =>
  `the policy does not let teams exempt ${rule}, only ${allowed.join(', ')}`;

/** The labels are compared again at each evaluation, because they may change and may not be known yet. */
function limitedTo(namespace: string, exemption: Exemption, { match: { labels } = {} }: SelfService): Exemption {
  return {
    ...exemption,
    name: `${namespace}/${teamConfigMap.name}/${exemption.name}`,
    match: { namespaces: [namespace], ...(labels && { namespaceLabels: labels }), ...exemption.match },
    isSelfService: true,
  };
}

/** The policy with granted exemptions; those of the policy come first. */
export const withGranted = (policy: Policy, granted: readonly Exemption[]): Policy =>
  granted.length === 0 ? policy : { ...policy, exemptions: [...policy.exemptions, ...granted] };

import type { Unreadable } from '../cluster/scan/index.ts';
import type { TeamText } from '../cluster/team-config-maps.ts';
import type { Policy } from '../engine/policy.ts';
import { grant, teamTextName, withGranted } from '../policy/grant.ts';
import { problemLines } from '../policy/problem-lines.ts';
import type { TeamExemptions } from '../policy/team-exemptions.ts';
import { rules } from '../rules/index.ts';
import type { ClusterOptions, OpenedCluster } from './open-cluster.ts';
import { counted } from './output/layout.ts';

/** The exemptions that teams have written in the cluster. */
export interface ClusterTeamGrants {
  /** The policy with the exemptions that it grants. */
  granted(policy: Policy): Policy;
  /** How many it grants, and why the others have no effect; empty if teams have written none or may not. */
  lines(policy: Policy): string[];
  readonly unreadable: readonly Unreadable[];
}

/** Reads the exemptions if any of the policies lets teams write them. */
export async function readTeamGrants(
  { client, surroundings }: Pick<OpenedCluster, 'client' | 'surroundings'>,
  policies: readonly (Policy | undefined)[],
  { namespace }: Pick<ClusterOptions, 'namespace'>,
): Promise<ClusterTeamGrants> {
  const isWanted = policies.some((policy) => policy?.selfService !== undefined);
  const found = isWanted ? await textsIn(client, namespace) : [];
  const texts = 'message' in found ? [] : await parsed(found);
  const grantsOf = (policy: Policy) =>
    policy.selfService === undefined
      ? []
      : texts.map(({ namespace: name, written }) => {
          const labels = surroundings.at(name).namespaceLabels;
          return { name, ...grant(written, { name, labels }, policy, surroundings.now) };
        });
  return {
    granted: (policy) =>
      withGranted(
        policy,
        grantsOf(policy).flatMap(({ exemptions }) => exemptions),
      ),
    lines(policy) {
      const grants = grantsOf(policy);
      const count = grants.reduce((sum, { exemptions }) => sum + exemptions.length, 0);
      return [
        ...(grants.length === 0 ? [] : [`exemptions of teams: ${counted(count, 'exemption')} granted`]),
        ...grants.flatMap(({ name, problems }) =>
          problemLines(problems, teamTextName(name)).map((line) => `no effect: ${line}`),
        ),
      ];
    },
    unreadable: 'message' in found ? [found] : [],
  };
}

async function textsIn(client: OpenedCluster['client'], namespace?: string): Promise<TeamText[] | Unreadable> {
  const { ApiError } = await import('../cluster/api/index.ts');
  const { readTeamTexts } = await import('../cluster/team-config-maps.ts');
  try {
    return await readTeamTexts(client, namespace);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { resource: 'configmaps', message: error.message };
  }
}

async function parsed(
  texts: readonly TeamText[],
): Promise<{ readonly namespace: string; readonly written: TeamExemptions }[]> {
  const { readTeamExemptions: read } = await import('../policy/team-exemptions.ts');
  return Promise.all(texts.map(async ({ namespace, text }) => ({ namespace, written: await read(text, rules) })));
}

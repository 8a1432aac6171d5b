import type { Logger } from 'pino';
import { type Exemption, holds } from '../../engine/exemption.ts';
import type { Policy } from '../../engine/policy.ts';
import { type Grant, grant, teamConfigMap, teamTextName, withGranted } from '../../policy/grant.ts';
import { problemLines } from '../../policy/problem-lines.ts';
import type { WrittenText } from './team-texts.ts';

/** Exemptions of a team that the policy does not grant. */
export interface RejectedExemptions {
  readonly namespace: string;
  /** Of the ConfigMap. */
  readonly uid: string | undefined;
  /** Why not, one line each, with line and column. */
  readonly problems: readonly string[];
}

export interface TeamGrantsOptions {
  readonly log: Logger;
  /** Called when exemptions of a team have no effect, or no longer for the same reasons. */
  readonly onProblems?: ((rejected: RejectedExemptions) => void) | undefined;
}

/** The exemptions in force, and the problems because of which others have no effect. */
export interface GrantCounts {
  readonly inForce: number;
  readonly problems: number;
}

/** The exemptions that a policy grants to teams, by namespace. Changes are logged. */
export interface TeamGrants {
  /** Replaces the exemptions of a namespace. */
  update(namespace: string, written: WrittenText, policy: Policy, now: number): void;
  /** Removes the exemptions of a namespace. */
  delete(namespace: string): void;
  /** Ends all of them, without a log line. */
  clear(): void;
  /** The policy with the exemptions of a namespace; undefined if there are none. */
  policyIn(namespace: string): Policy | undefined;
  exemptions(): Exemption[];
  counts(now: number): GrantCounts;
}

/** Nothing is granted yet. */
export function openTeamGrants({ log, onProblems }: TeamGrantsOptions): TeamGrants {
  const grants = new Map<string, Grant & { readonly policy: Policy }>();
  const logged = new Map<string, string>();

  function report(namespace: string, uid: string | undefined, { exemptions, problems }: Grant): void {
    const about = {
      namespace,
      exemptions: exemptions.map(({ name, rules, owner, expires }) => ({ name, rules, owner, expires })),
      problems: problemLines(problems, teamTextName(namespace)),
    };
    const content = JSON.stringify(about);
    if (logged.get(namespace) === content) return;
    logged.set(namespace, content);
    if (problems.length === 0) return log.info(about, 'exemptions of a team are in force');
    log.warn(about, 'exemptions of a team have no effect');
    onProblems?.({ namespace, uid, problems: problemLines(problems, teamConfigMap.key) });
  }
  const all = (): Exemption[] => [...grants.values()].flatMap(({ exemptions }) => exemptions);
  return {
    update(namespace, { exemptions, uid }, policy, now) {
      // labels are compared at each evaluation
      const granted = grant(exemptions, { name: namespace, labels: undefined }, policy, now);
      grants.set(namespace, { ...granted, policy: withGranted(policy, granted.exemptions) });
      report(namespace, uid, granted);
    },
    delete(namespace) {
      grants.delete(namespace);
      if (logged.delete(namespace)) log.info({ namespace }, 'the exemptions of a team have ended');
    },
    clear() {
      grants.clear();
      logged.clear();
    },
    policyIn: (namespace) => grants.get(namespace)?.policy,
    exemptions: all,
    counts: (now) => ({
      inForce: all().filter((each) => holds(each, now)).length,
      problems: [...grants.values()].reduce((sum, { problems }) => sum + problems.length, 0),
    }),
  };
}

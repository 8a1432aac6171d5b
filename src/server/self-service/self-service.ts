import { setTimeout as sleep } from 'node:timers/promises';
import { holds } from '../../engine/exemption.ts';
import type { Policy } from '../../engine/policy.ts';
import { type Grant, grant, teamConfigMap, teamTextName, withGranted } from '../../policy/grant.ts';
import { problemLines } from '../../policy/problem-lines.ts';
import { dayMs } from '../../time-units.ts';
import { openTeamTexts, type TeamTexts, type TeamTextsOptions } from './team-texts.ts';

export interface SelfServiceOptions extends Omit<TeamTextsOptions, 'watchTeamTexts'> {
  /** The policy in force, without exemptions of teams. */
  readonly policy: () => Policy;
  /** Called when exemptions of a team have no effect, or no longer for the same reasons. */
  readonly onProblems?: ((rejected: RejectedExemptions) => void) | undefined;
  readonly now?: (() => number) | undefined;
}

/** Exemptions of a team that the policy does not grant. */
export interface RejectedExemptions {
  readonly namespace: string;
  /** Of the ConfigMap. */
  readonly uid: string | undefined;
  /** Why not, one line each, with line and column. */
  readonly problems: readonly string[];
}

/** The policy in force together with the exemptions that teams have written and that it grants. */
export interface SelfServicePolicy {
  /** With those of one namespace. */
  policyIn(namespace: string): Policy;
  /** With those of all namespaces. */
  policyEverywhere(): Policy;
  /** Resolves when they are known or after `waitMs`; undefined if there is nothing to wait for. */
  settled(waitMs: number): Promise<void> | undefined;
  /** Why they are not known yet, one clause each. */
  problems(): string[];
  counts(): { readonly inForce: number; readonly problems: number };
  close(): void;
}

/** Watches what teams write while the policy in force has `selfService`. */
export async function openSelfService({
  policy,
  onProblems,
  now = Date.now,
  ...others
}: SelfServiceOptions): Promise<SelfServicePolicy> {
  const { watchTeamTexts } = await import('../../cluster/team-config-maps.ts');
  const options = { ...others, watchTeamTexts };
  const { log } = options;
  const grants = new Map<string, Grant & { readonly policy: Policy }>();
  const logged = new Map<string, string>();
  let texts: TeamTexts | undefined;
  let basis: { readonly policy: Policy; readonly day: number } | undefined;
  let everywhere: Policy | undefined;

  /** The latest day on which an exemption may expire is another one each day. */
  function refresh(): void {
    const current = { policy: policy(), day: Math.floor(now() / dayMs) };
    if (current.policy === basis?.policy && current.day === basis.day) return;
    basis = current;
    const isOn = current.policy.selfService !== undefined;
    if (isOn) texts ??= openTeamTexts(options, update);
    else close();
    for (const namespace of texts?.written.keys() ?? []) update(namespace);
    everywhere = undefined;
  }
  function update(namespace: string): void {
    const written = texts?.written.get(namespace);
    everywhere = undefined;
    if (written === undefined) return forget(namespace);
    const base = policy();
    // labels are compared at each evaluation
    const granted = grant(written.exemptions, { name: namespace, labels: undefined }, base, now());
    grants.set(namespace, { ...granted, policy: withGranted(base, granted.exemptions) });
    report(namespace, written.uid, granted);
  }
  function forget(namespace: string): void {
    grants.delete(namespace);
    if (logged.delete(namespace)) log.info({ namespace }, 'the exemptions of a team have ended');
  }
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
  function close(): void {
    texts?.close();
    texts = undefined;
    grants.clear();
    logged.clear();
  }
  refresh();
  return {
    policyIn(namespace) {
      refresh();
      return grants.get(namespace)?.policy ?? policy();
    },
    policyEverywhere() {
      refresh();
      const all = [...grants.values()].flatMap(({ exemptions }) => exemptions);
      return (everywhere ??= withGranted(policy(), all));
    },
    settled(waitMs) {
      refresh();
      if (texts === undefined || texts.isKnown || waitMs <= 0) return undefined;
      return Promise.race([texts.known, sleep(waitMs, undefined, { ref: false })]);
    },
    problems() {
      refresh();
      return texts === undefined || texts.isKnown ? [] : ['the exemptions of teams have not been read yet'];
    },
    counts() {
      refresh();
      const all = [...grants.values()];
      const time = now();
      return {
        inForce: all.flatMap(({ exemptions }) => exemptions.filter((each) => holds(each, time))).length,
        problems: all.reduce((sum, { problems }) => sum + problems.length, 0),
      };
    },
    close,
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Policy } from '../../engine/policy.ts';
import { withGranted } from '../../policy/grant.ts';
import { dayMs } from '../../time-units.ts';
import { type GrantCounts, openTeamGrants, type TeamGrantsOptions } from './team-grants.ts';
import { openTeamTexts, type TeamTexts, type TeamTextsOptions } from './team-texts.ts';

export interface SelfServiceOptions extends Omit<TeamTextsOptions, 'watchTeamTexts'>, TeamGrantsOptions {
  /** The policy in force, without exemptions of teams. */
  readonly policy: () => Policy;
  readonly now?: (() => number) | undefined;
}

/** The policy in force together with the exemptions that teams have written and that it grants. */
export interface SelfServicePolicy {
  /** The policy with the exemptions of one namespace. */
  policyIn(namespace: string): Policy;
  /** The policy with the exemptions of all namespaces. */
  policyEverywhere(): Policy;
  /** Resolves when they are known or after `waitMs`; undefined if there is nothing to wait for. */
  settled(waitMs: number): Promise<void> | undefined;
  /** Why they are not known yet, one clause each. */
  problems(): string[];
  counts(): GrantCounts;
  close(): void;
}

/** Watches the exemptions that teams write while the policy in force has `selfService`. */
export async function openSelfService({
  policy,
  now = Date.now,
  ...others
}: SelfServiceOptions): Promise<SelfServicePolicy> {
  const { watchTeamTexts } = await import('../../cluster/team-config-maps.ts');
  const options = { ...others, watchTeamTexts };
  const grants = openTeamGrants(others);
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
    if (written === undefined) grants.delete(namespace);
    else grants.update(namespace, written, policy(), now());
  }
  function close(): void {
    texts?.close();
    texts = undefined;
    grants.clear();
  }
  refresh();
  return {
    policyIn(namespace) {
      refresh();
      return grants.policyIn(namespace) ?? policy();
    },
    policyEverywhere() {
      refresh();
      return (everywhere ??= withGranted(policy(), grants.exemptions()));
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
      return grants.counts(now());
    },
    close,
  };
}

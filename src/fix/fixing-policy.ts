import type { NamespaceEntry } from '../engine/namespace-policy.ts';
import { isAtLeast, type Policy, type RuleSetting } from '../engine/policy.ts';
import type { Rule } from '../engine/rule.ts';

/** Which fixes are to be made. */
export interface WantedFixes {
  /** Also those that a running program may notice. */
  readonly unsafe: boolean;
  /** The ids of the only rules whose fixes are made; undefined: those that the policy has switched on. */
  readonly rules: ReadonlySet<string> | undefined;
}

/** The rules whose fixes admission makes under a policy, by their ids. */
export function fixesAtAdmission({ rules, fixes }: Policy): string[] {
  return rules.filter(({ fix }) => fix && fixes).map(({ rule }) => rule.id);
}

/**
 * The policy under which an evaluation makes exactly the wanted fixes, and nothing marks what got them. Fixes for
 * manifests are made like any other. A rule that is named is on, whatever the policy makes of it; exemptions hold.
 */
export function fixingPolicy(policy: Policy, wanted: WantedFixes): Policy {
  return {
    ...policy,
    annotate: false,
    fixes: policy.fixes || wanted.rules !== undefined,
    rules: policy.rules.map((setting) => settingFor(setting, wanted)),
    namespaces: policy.namespaces.map((entry) => entryFor(entry, policy, wanted)),
  };
}

function settingFor(setting: RuleSetting, wanted: WantedFixes): RuleSetting {
  const rule = forManifests(setting.rule);
  if (wanted.rules === undefined) return { ...setting, rule, fix: setting.fix && mayMake(rule, wanted) };
  if (!wanted.rules.has(rule.id)) return { ...setting, rule, fix: false };
  return {
    ...setting,
    rule,
    fix: mayMake(rule, wanted),
    mode: isAtLeast(setting.mode, 'warn') ? setting.mode : 'warn',
  };
}

function entryFor(entry: NamespaceEntry, { rules }: Policy, wanted: WantedFixes): NamespaceEntry {
  const own = Object.entries(entry.rules).map(([id, { mode, fix, ...others }]) => {
    const rule = rules.find((setting) => setting.rule.id === id)?.rule;
    const isNamed = wanted.rules?.has(id) === true;
    return [
      id,
      {
        ...others,
        ...(mode !== undefined && !(isNamed && !isAtLeast(mode, 'warn')) && { mode }),
        ...(fix !== undefined && !isNamed && { fix: fix && wanted.rules === undefined && mayMake(rule, wanted) }),
      },
    ];
  });
  const { fixes, ...others } = entry;
  return {
    ...others,
    ...(fixes !== undefined && wanted.rules === undefined && { fixes }),
    rules: Object.fromEntries(own),
  };
}

function mayMake(rule: Rule | undefined, { unsafe }: WantedFixes): boolean {
  return unsafe || rule?.fix?.risk === 'none';
}

/** At admission such a fix would come too late; in a manifest it does not. */
function forManifests(rule: Rule): Rule {
  if (rule.fix?.manifestsOnly === undefined) return rule;
  const { manifestsOnly: _, ...fix } = rule.fix;
  return { ...rule, fix };
}

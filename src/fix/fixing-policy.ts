import type { NamespaceEntry } from '../engine/namespace-entry.ts';
import { isAtLeast, type Policy } from '../engine/policy.ts';
import type { Finding, Rule } from '../engine/rule.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';

/** Which fixes to make. */
export interface WantedFixes {
  /** Also fixes that a running program may notice. */
  readonly unsafe: boolean;
  /** Only the fixes of rules with these ids; if undefined, those that the policy enables. */
  readonly rules: ReadonlySet<string> | undefined;
}

/** The ids of the rules whose fixes admission makes under a policy. */
export function fixesAtAdmission({ rules, fixes }: Policy): string[] {
  return rules.filter(({ fix }) => fix && fixes).map(({ rule }) => rule.id);
}

/**
 * The policy under which an evaluation makes exactly the requested fixes, and adds no annotation. Fixes that only apply
 * to manifests are included. A rule that is requested by id is enabled regardless of the policy; exemptions apply.
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

/** Fixes that admission cannot make are made in a manifest. */
function forManifests(rule: Rule): Rule {
  if (rule.fix === undefined) return rule;
  const { manifestsOnly: _, ...fix } = rule.fix;
  return { ...rule, fix, check: (...given) => fixableInManifests(rule.check(...given)) };
}

function* fixableInManifests(findings: Iterable<Finding>): Generator<Finding> {
  for (const finding of findings) yield { ...finding, manifestsOnly: false };
}

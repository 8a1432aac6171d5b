import { matchesGlob } from './glob.ts';
import { hasLabels, type Namespace, type NamespaceEntry } from './namespace-entry.ts';
import { type Policy, weaker } from './policy.ts';
import { type Mode, strengthOf } from './rule.ts';
import type { RuleSetting } from './rule-setting.ts';

/** One rule with the ceilings of its namespace. */
interface Reading {
  readonly setting: RuleSetting;
  readonly mode: Mode;
  readonly fixes: boolean;
}

const known = new WeakMap<Policy, Map<string, Policy>>();
/** Results of `policyIn`, which need no further processing. */
const settled = new WeakSet<Policy>();

/**
 * The policy in force in a namespace. While its labels are unknown, each rule gets the strongest mode that any
 * combination of the possibly matching entries could give it, so that an early request gains nothing.
 */
export function policyIn(policy: Policy, namespace: Namespace): Policy {
  if (policy.namespaces.length === 0 || settled.has(policy)) return policy;
  const matches = policy.namespaces.map((entry) => matchOf(entry, namespace));
  const key = matches.join(' ');
  const readings = known.get(policy) ?? new Map<string, Policy>();
  known.set(policy, readings);
  const found = readings.get(key) ?? resolved(policy, matches);
  readings.set(key, found);
  settled.add(found);
  return found;
}

/** Whether an entry applies: `maybe` while it depends on labels that are not known yet. */
export type Match = 'yes' | 'no' | 'maybe';

/** Whether an entry applies to the namespace: `maybe` if that depends on unknown labels. */
export function matchOf({ match }: Pick<NamespaceEntry, 'match'>, { name, labels }: Namespace): Match {
  if (match.names !== undefined && !match.names.some((pattern) => matchesGlob(pattern, name))) return 'no';
  if (match.labels === undefined || Object.keys(match.labels).length === 0) return 'yes';
  if (labels === undefined) return 'maybe';
  return hasLabels(labels, match.labels) ? 'yes' : 'no';
}

/**
 * While labels are unknown, ceilings differ from rule to rule: the strongest becomes the ceiling, and weaker ones
 * become the rule's own mode.
 */
function resolved(policy: Policy, matches: readonly Match[]): Policy {
  const entries = policy.namespaces.flatMap((entry, index) =>
    matches[index] === 'no' ? [] : [{ entry, isCertain: matches[index] === 'yes' }],
  );
  const readings = policy.rules.map((setting) => strongest(setting, policy, entries));
  const isCertain = entries.every((entry) => entry.isCertain);
  if (isCertain) {
    const [{ mode, fixes } = policy] = readings;
    return { ...policy, mode, fixes, rules: readings.map(({ setting }) => setting) };
  }
  const ceiling = readings.reduce<Mode>((highest, { mode }) => stronger(highest, mode), 'off');
  return {
    ...policy,
    mode: ceiling,
    fixes: true,
    rules: readings.map(({ setting, mode, fixes }) => ({
      ...setting,
      mode: weaker(setting.mode, ceiling) === weaker(setting.mode, mode) ? setting.mode : mode,
      fix: setting.fix && fixes,
    })),
  };
}

function strongest(
  setting: RuleSetting,
  { mode, fixes }: Policy,
  entries: readonly { readonly entry: NamespaceEntry; readonly isCertain: boolean }[],
): Reading {
  let readings: Reading[] = [{ setting, mode, fixes }];
  for (const { entry, isCertain } of entries) {
    const applied = readings.map((reading) => apply(entry, reading));
    readings = isCertain ? applied : distinct([...applied, ...readings]);
  }
  return readings.reduce((best, reading) => (isPreferred(reading, best) ? reading : best));
}

function apply({ mode, fixes, rules }: NamespaceEntry, { setting, ...ceilings }: Reading): Reading {
  const override = rules[setting.rule.id];
  return {
    mode: mode ?? ceilings.mode,
    fixes: fixes ?? ceilings.fixes,
    setting:
      override === undefined
        ? setting
        : { ...setting, ...override, options: { ...setting.options, ...override.options } },
  };
}

/** Keeps only the first of several readings with the same effect, so that their number stays small. */
function distinct(readings: readonly Reading[]): Reading[] {
  return [...new Map(readings.toReversed().map((reading) => [alike(reading), reading])).values()].toReversed();
}

const alike = (reading: Reading): string => `${reading.mode} ${reading.setting.mode} ${repairs(reading)}`;

/** Prefers the stronger reading, and among equally strong ones the one that repairs, so that nothing is denied needlessly. */
function isPreferred(reading: Reading, best: Reading): boolean {
  const more = strength(reading) - strength(best);
  return more > 0 || (more === 0 && repairs(reading) && !repairs(best));
}

const repairs = ({ setting, fixes }: Reading): boolean => setting.fix && fixes;
const strength = ({ setting, mode }: Reading): number => strengthOf[weaker(setting.mode, mode)];
const stronger = (a: Mode, b: Mode): Mode => (weaker(a, b) === a ? b : a);

import { sameJson } from '../patch/edits.ts';
import { type Exemption, holds } from './exemption.ts';
import type { NamespaceEntry } from './namespace-entry.ts';
import type { Policy } from './policy.ts';
import type { RuleSetting } from './rule-setting.ts';

/** How many names a change lists; the others are counted. */
const maxNames = 5;

/**
 * The differences between two policies, a clause each, those with the widest effect first. Empty if no verdict can differ:
 * contacts, reasons and owners do not count.
 */
export function policyChanges(before: Policy, after: Policy, now: number): string[] {
  return [
    ...(['mode', 'workloads', 'existing', 'controllers'] as const).flatMap((key) =>
      switched(key, before[key], after[key]),
    ),
    ...switched('fixes', onOff(before.fixes), onOff(after.fixes)),
    ...namespaceChanges(before.namespaces, after.namespaces),
    ...ruleChanges(before.rules, after.rules),
    ...exemptionChanges(before.exemptions, after.exemptions, now),
    ...switched('kubernetesVersion', versionOf(before), versionOf(after)),
    ...(['selfService', 'images', 'operators', 'operatorKinds', 'podTemplates'] as const).flatMap((key) =>
      sameJson(before[key], after[key]) ? [] : [`${key} changed`],
    ),
  ];
}

/** The changes on one line of at most `room` characters, unless the first is longer; the others are counted. */
export function summaryOf(changes: readonly string[], room: number): string {
  let text = '';
  for (const [index, change] of changes.entries()) {
    const next = index === 0 ? change : `${text}; ${change}`;
    if (index > 0 && next.length > room) return `${text}; and ${changes.length - index} more`;
    text = next;
  }
  return text;
}

const switched = (what: string, before: string, after: string): string[] =>
  before === after ? [] : [`${what} ${before} -> ${after}`];

const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

const versionOf = ({ kubernetesMinor: minor }: Policy): string =>
  minor === undefined ? "the cluster's" : `1.${minor}`;

function ruleChanges(before: readonly RuleSetting[], after: readonly RuleSetting[]): string[] {
  const old = new Map(before.map((setting) => [setting.rule.id, setting]));
  const pairs = after.flatMap((now) => {
    const was = old.get(now.rule.id);
    return was === undefined ? [] : [{ id: now.rule.id, was, now }];
  });
  const modes = Map.groupBy(
    pairs.filter(({ was, now }) => was.mode !== now.mode),
    ({ was, now }) => `${was.mode} -> ${now.mode}`,
  );
  const acting = pairs.filter(({ now }) => now.mode !== 'off');
  const fixes = (isOn: boolean) => acting.filter(({ was, now }) => was.fix !== now.fix && now.fix === isOn);
  const options = acting.filter(({ was, now }) => !sameJson(was.options, now.options));
  return [
    ...[...modes].map(([change, some]) => `${some.length === 1 ? 'rule' : 'rules'} ${change}: ${idsOf(some)}`),
    ...listed('fixes on', fixes(true)),
    ...listed('fixes off', fixes(false)),
    ...listed('other options', options),
  ];
}

const listed = (what: string, some: readonly { readonly id: string }[]): string[] =>
  some.length === 0 ? [] : [`${what}: ${idsOf(some)}`];

const idsOf = (some: readonly { readonly id: string }[]): string => namesOf(some.map(({ id }) => id));

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, maxNames).join(', ');
  return names.length > maxNames ? `${shown} and ${names.length - maxNames} more` : shown;
}

function namespaceChanges(before: readonly NamespaceEntry[], after: readonly NamespaceEntry[]): string[] {
  const [old, now] = [byMatch(before), byMatch(after)];
  const keys = [...new Set([...now.keys(), ...old.keys()])];
  const changes = keys.flatMap((key) => entryChanges(old.get(key), now.get(key)));
  const isReordered = changes.length === 0 && !sameJson([...old.keys()], [...now.keys()]);
  return isReordered ? ['order of namespaces changed'] : changes;
}

/** Entries with the same match are distinguished by their order. */
function byMatch(entries: readonly NamespaceEntry[]): Map<string, NamespaceEntry> {
  const found = new Map<string, NamespaceEntry>();
  for (const entry of entries) {
    const key = JSON.stringify(entry.match);
    let count = 1;
    while (found.has(`${key} ${count}`)) count++;
    found.set(`${key} ${count}`, entry);
  }
  return found;
}

function entryChanges(before: NamespaceEntry | undefined, after: NamespaceEntry | undefined): string[] {
  const entry = after ?? before;
  if (entry === undefined) return [];
  const name = `namespaces ${matchText(entry)}`;
  const ofMode = entry.mode === undefined ? '' : ` (mode ${entry.mode})`;
  if (before === undefined) return [`${name} added${ofMode}`];
  if (after === undefined) return [`${name} removed${ofMode}`];
  const fixes = (each: NamespaceEntry): string => (each.fixes === undefined ? 'unset' : onOff(each.fixes));
  const rules = [...new Set([...Object.keys(before.rules), ...Object.keys(after.rules)])].filter(
    (id) => !sameJson(before.rules[id], after.rules[id]),
  );
  const changes = [
    ...switched('mode', before.mode ?? 'unset', after.mode ?? 'unset'),
    ...switched('fixes', fixes(before), fixes(after)),
    ...(rules.length === 0 ? [] : [`rules ${namesOf(rules)}`]),
  ];
  return changes.length === 0 ? [] : [`${name}: ${changes.join(', ')}`];
}

function matchText({ match: { names = [], labels = {} } }: NamespaceEntry): string {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [...(names.length === 0 ? [] : [namesOf(names)]), ...wanted].join(' with ') || '*';
}

function exemptionChanges(before: readonly Exemption[], after: readonly Exemption[], now: number): string[] {
  const named = (exemptions: readonly Exemption[]) => new Map(exemptions.map((each) => [each.name, each]));
  const [old, current] = [named(before), named(after)];
  const names = (some: readonly Exemption[]) => some.map(({ name: id }) => ({ id }));
  return [
    ...listed('exemptions removed', names(before.filter((each) => !current.has(each.name) && holds(each, now)))),
    ...after.flatMap((exemption) => endChange(old.get(exemption.name), exemption, now)),
    ...listed('exemptions changed', names(after.filter((each) => coversOther(old.get(each.name), each)))),
    ...listed('exemptions added', names(after.filter((each) => !old.has(each.name) && holds(each, now)))),
  ];
}

const coversOther = (before: Exemption | undefined, after: Exemption): boolean =>
  before !== undefined && !sameJson([before.rules, before.match], [after.rules, after.match]);

function endChange(before: Exemption | undefined, after: Exemption, now: number): string[] {
  const { name, expires } = after;
  if (before !== undefined && before.expires === expires) return [];
  if (!holds(after, now)) return [`exemption ${name} expired on ${expires}`];
  return before === undefined ? [] : [`exemption ${name} ends ${before.expires ?? 'never'} -> ${expires ?? 'never'}`];
}

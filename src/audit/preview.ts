import { asksForRequester, type Exemption } from '../engine/exemption.ts';
import type { Policy } from '../engine/policy.ts';
import type { Mode, Rule } from '../engine/rule.ts';
import { type Outcome, type Outlook, outcomes, outlookOf } from './outlook.ts';
import type { ScannedSubject } from './scanned-subject.ts';
import { type Suggestion, suggestionsFor } from './suggestion.ts';

/** One workload as several policies see it. */
export interface PreviewedSubject {
  readonly after: ScannedSubject;
  /** Under the policy that it is compared with. */
  readonly before?: ScannedSubject | undefined;
  /** Under the policy of `after` with the exemptions that are known for add-ons. */
  readonly withAddOns: ScannedSubject;
}

/** How many workloads. One workload can have several outcomes. */
export type Totals = Readonly<Record<Outcome | 'workloads' | 'changesBehavior', number>>;

/** What a rule would do to the workloads of a namespace. */
export interface RuleTotals extends Readonly<Record<Outcome, number>> {
  readonly rule: Rule;
  /** Of these workloads, how many whose templates do not have what their running Pods have. */
  readonly runningOnly: number;
}

/** What a policy would do to one workload, and to what that is a change. */
export interface WorkloadPreview extends Outlook {
  readonly changes: readonly RuleChange[];
}

/** A rule whose word on a workload is not the same under both policies. */
export interface RuleChange {
  readonly rule: Rule;
  readonly before: readonly Outcome[];
  readonly after: readonly Outcome[];
}

export interface NamespacePreview {
  readonly namespace: string;
  /** None of its workloads would be denied or would stop. */
  readonly isReady: boolean;
  readonly totals: Totals;
  readonly before: Totals | undefined;
  /** Sorted by how much they stand in the way, then by id. */
  readonly rules: readonly RuleTotals[];
  readonly workloads: readonly WorkloadPreview[];
}

/** What enforcing would do to a cluster, the namespaces that are readiest first. */
export interface Preview {
  readonly totals: Totals;
  readonly before: Totals | undefined;
  readonly namespaces: readonly NamespacePreview[];
  readonly suggestions: readonly Suggestion[];
  /** Exemptions of the policy that cover nothing of what was judged. */
  readonly unusedExemptions: readonly Exemption[];
}

/** The policy with every ceiling called `mode` set to this, its own and those of namespaces. Other ceilings stay. */
export function withCeiling(policy: Policy, mode: Mode): Policy {
  const namespaces = policy.namespaces.map((entry) => (entry.mode === undefined ? entry : { ...entry, mode }));
  return { ...policy, mode, namespaces };
}

/** @param policy That of `after`. */
export function previewOf(
  subjects: readonly PreviewedSubject[],
  { exemptions }: Pick<Policy, 'exemptions'>,
  addOns: readonly Exemption[],
): Preview {
  const workloads = subjects.map(({ after, before }) => workloadOf(after, before));
  const befores = subjects.flatMap(({ before }) => (before === undefined ? [] : [outlookOf(before)]));
  const beforeIn = Map.groupBy(befores, ({ subject }) => subject.namespace);
  const isCompared = befores.length > 0;
  const namespaces = [...Map.groupBy(workloads, ({ subject }) => subject.namespace)].map(([namespace, own]) =>
    namespaceOf(namespace, own, isCompared ? totalsOf(beforeIn.get(namespace) ?? []) : undefined),
  );
  const used = new Set(subjects.flatMap(({ after }) => after.findings.map(({ exemption }) => exemption?.name)));
  return {
    totals: totalsOf(workloads),
    before: isCompared ? totalsOf(befores) : undefined,
    namespaces: namespaces.toSorted(byReadiness),
    suggestions: suggestionsFor(subjects, addOns),
    unusedExemptions: exemptions.filter((exemption) => !used.has(exemption.name) && !asksForRequester(exemption)),
  };
}

/** Whether enforcing would stand in the way of the workload. */
export const isHindered = ({ outcomes }: Outlook): boolean => outcomes.has('denied') || outcomes.has('stops');

function namespaceOf(
  namespace: string,
  workloads: readonly WorkloadPreview[],
  before: Totals | undefined,
): NamespacePreview {
  const rules = Map.groupBy(
    workloads.flatMap((workload) => workload.rules),
    ({ rule }) => rule,
  );
  return {
    namespace,
    isReady: !workloads.some(isHindered),
    totals: totalsOf(workloads),
    before,
    rules: [...rules].map(([rule, outlooks]) => ruleTotalsOf(rule, outlooks)).toSorted(byHindrance),
    workloads,
  };
}

function totalsOf(outlooks: readonly Outlook[]): Totals {
  return {
    workloads: outlooks.length,
    ...countsOf(outlooks.map((outlook) => [...outlook.outcomes])),
    changesBehavior: outlooks.filter(({ changesBehavior }) => changesBehavior).length,
  };
}

function ruleTotalsOf(rule: Rule, outlooks: readonly Outlook['rules'][number][]): RuleTotals {
  const runningOnly = outlooks.filter(({ isRunningOnly }) => isRunningOnly).length;
  return { rule, ...countsOf(outlooks.map((outlook) => outlook.outcomes)), runningOnly };
}

function countsOf(all: readonly (readonly Outcome[])[]): Readonly<Record<Outcome, number>> {
  const count = (outcome: Outcome): number => all.filter((own) => own.includes(outcome)).length;
  return Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) as Record<Outcome, number>;
}

function workloadOf(after: ScannedSubject, before: ScannedSubject | undefined): WorkloadPreview {
  const outlook = outlookOf(after);
  if (before === undefined) return { ...outlook, changes: [] };
  const own = (rules: Outlook['rules']) => new Map(rules.map((each) => [each.rule, each.outcomes]));
  const [earlier, later] = [own(outlookOf(before).rules), own(outlook.rules)];
  const changes = [...new Set([...later.keys(), ...earlier.keys()])].flatMap((rule): RuleChange[] => {
    const change = { rule, before: earlier.get(rule) ?? [], after: later.get(rule) ?? [] };
    return change.before.join() === change.after.join() ? [] : [change];
  });
  return { ...outlook, changes };
}

/** None denied or stopped first, then the fewer the sooner. */
function byReadiness(a: NamespacePreview, b: NamespacePreview): number {
  const hindered = ({ workloads }: NamespacePreview): number => workloads.filter(isHindered).length;
  return hindered(a) - hindered(b) || compare(a.namespace, b.namespace);
}

function byHindrance(a: RuleTotals, b: RuleTotals): number {
  for (const outcome of outcomes) if (a[outcome] !== b[outcome]) return b[outcome] - a[outcome];
  return compare(a.rule.id, b.rule.id);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

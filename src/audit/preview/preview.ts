import { compare } from '../../engine/compare.ts';
import { asksForRequester, type Exemption, isOpenToAll } from '../../engine/exemption.ts';
import type { Rule } from '../../engine/rule.ts';
import { type UnlistedOperator, unlistedOperators } from '../operators/index.ts';
import type { ScannedSubject } from '../scanned-subject.ts';
import { type ExemptionEnd, endingExemptions, expiredExemptions, hasExpired } from './exemption-ends.ts';
import { type Ceilings, openCeilings } from './namespace-ceilings.ts';
import { type Outlook, outlookOf, type WorkloadOutcome, workloadOutcomes } from './outlook.ts';
import type { PreviewQuestion } from './preview-policies.ts';
import { asAllAdmitted, type PreviewedSubject } from './previewed-subject.ts';
import { type Suggestion, suggestionsFor } from './suggestion.ts';

/** Numbers of workloads. A workload can have several outcomes. */
export type Totals = Readonly<Record<WorkloadOutcome | 'workloads' | 'changesBehavior' | 'requestsOnly', number>>;

/** The effect of a rule on the workloads of a namespace. */
export interface RuleTotals extends Readonly<Record<WorkloadOutcome, number>> {
  readonly rule: Rule;
  /** How many of these workloads have the finding only in running Pods, not in the template. */
  readonly runningOnly: number;
  /** For how many its fix can change the behavior of a running program. */
  readonly changesBehavior: number;
}

/** The effect of a policy on one workload, and the change that it would be. */
export interface WorkloadPreview extends Outlook {
  readonly changes: readonly RuleChange[];
}

/** A rule whose outcomes for a workload differ between the two policies. */
export interface RuleChange {
  readonly rule: Rule;
  readonly before: readonly WorkloadOutcome[];
  readonly after: readonly WorkloadOutcome[];
}

/** The effect of enforcement on one namespace. */
export interface NamespacePreview extends Ceilings {
  /** Everything is enforced, and no workload would be denied or blocked on restart. */
  readonly isReady: boolean;
  /** The last day on which it is ready, such as `2027-03-31`, if its readiness depends on an exemption that ends soon. */
  readonly readyUntil: string | undefined;
  readonly totals: Totals;
  readonly before: Totals | undefined;
  /** Ordered by the number of workloads affected, then by id. */
  readonly rules: readonly RuleTotals[];
  readonly workloads: readonly WorkloadPreview[];
}

/** The effect of enforcement on a cluster, the most ready namespaces first. */
export interface Preview {
  readonly totals: Totals;
  readonly before: Totals | undefined;
  readonly namespaces: readonly NamespacePreview[];
  /** Operators whose workloads would be denied because the policy does not list their accounts. */
  readonly unlistedOperators: readonly UnlistedOperator[];
  /** Exemptions that anyone who can create Pods in their namespaces can use. */
  readonly openExemptions: readonly Exemption[];
  readonly suggestions: readonly Suggestion[];
  readonly endingExemptions: readonly ExemptionEnd[];
  readonly expiredExemptions: readonly ExemptionEnd[];
  /** Exemptions of the policy that cover no finding, and would not have before they expired. */
  readonly unusedExemptions: readonly Exemption[];
}

/** Compares the previewed subjects and adds them up by namespace and rule. */
export function previewOf(previewed: readonly PreviewedSubject[], question: PreviewQuestion): Preview {
  const { addOns, policy, surroundings } = question;
  const subjects = asAllAdmitted(previewed, question);
  const workloads = subjects.map(({ after, before }) => workloadOf(after, before));
  const befores = subjects.flatMap(({ before }) => (before === undefined ? [] : [outlookOf(before)]));
  const beforeIn = Map.groupBy(befores, ({ subject }) => subject.namespace);
  const isCompared = befores.length > 0;
  const ceilingsIn = openCeilings(question);
  const ending = endingExemptions(subjects, policy.exemptions, surroundings.now);
  const namespaces = [...Map.groupBy(workloads, ({ subject }) => subject.namespace)].map(([namespace, own]) => {
    const earlier = isCompared ? totalsOf(beforeIn.get(namespace) ?? []) : undefined;
    return namespaceOf(ceilingsIn(namespace), own, earlier, ending);
  });
  const expired = expiredExemptions(subjects, policy.exemptions, surroundings.now);
  const used = new Set([
    ...subjects.flatMap(({ after }) => after.findings.map(({ exemption }) => exemption?.name)),
    ...expired.map(({ exemption }) => exemption.name),
  ]);
  return {
    totals: totalsOf(workloads),
    before: isCompared ? totalsOf(befores) : undefined,
    namespaces: namespaces.toSorted(byReadiness),
    unlistedOperators: unlistedOperators(
      previewed.map(({ after }) => after),
      policy,
    ),
    openExemptions: policy.exemptions.filter(
      (exemption) => isOpenToAll(exemption) && !hasExpired(exemption, surroundings.now),
    ),
    suggestions: suggestionsFor(subjects, addOns, policy.exemptions),
    endingExemptions: ending,
    expiredExemptions: expired,
    unusedExemptions: policy.exemptions.filter(
      (exemption) => !used.has(exemption.name) && !asksForRequester(exemption),
    ),
  };
}

/** Whether enforcement would deny or block the workload. */
export const isHindered = ({ outcomes }: Outlook): boolean => outcomes.has('denied') || outcomes.has('stops');

/** How many of its workloads enforcement would deny or block. */
export const hinderedIn = ({ workloads }: NamespacePreview): number => workloads.filter(isHindered).length;

function namespaceOf(
  ceilings: Ceilings,
  workloads: readonly WorkloadPreview[],
  before: Totals | undefined,
  ending: readonly ExemptionEnd[],
): NamespacePreview {
  const isReady = ceilings.mode === 'enforce' && !workloads.some(isHindered);
  const rules = Map.groupBy(
    workloads.flatMap((workload) => workload.rules),
    ({ rule }) => rule,
  );
  return {
    ...ceilings,
    isReady,
    readyUntil: isReady ? firstEnd(ceilings.namespace, ending) : undefined,
    totals: totalsOf(workloads),
    before,
    rules: [...rules].map(([rule, outlooks]) => ruleTotalsOf(rule, outlooks)).toSorted(byHindrance),
    workloads,
  };
}

/** The first day whose end leads to a denied or blocked workload in the namespace. */
function firstEnd(namespace: string, ending: readonly ExemptionEnd[]): string | undefined {
  const decisive = ending.filter(({ workloads }) =>
    workloads.some(
      ({ subject, rules }) =>
        subject.namespace === namespace &&
        rules.some(({ outcomes }) => outcomes.includes('denied') || outcomes.includes('stops')),
    ),
  );
  return decisive.flatMap(({ exemption: { expires } }) => expires ?? []).toSorted()[0];
}

function totalsOf(outlooks: readonly Outlook[]): Totals {
  return {
    workloads: outlooks.length,
    ...countsOf(outlooks.map((outlook) => [...outlook.outcomes])),
    changesBehavior: outlooks.filter(({ changesBehavior }) => changesBehavior).length,
    requestsOnly: outlooks.filter(({ isRequestsOnly }) => isRequestsOnly).length,
  };
}

function ruleTotalsOf(rule: Rule, outlooks: readonly Outlook['rules'][number][]): RuleTotals {
  const runningOnly = outlooks.filter(({ isRunningOnly }) => isRunningOnly).length;
  const changesBehavior = outlooks.filter((outlook) => outlook.changesBehavior).length;
  return { rule, ...countsOf(outlooks.map((outlook) => outlook.outcomes)), runningOnly, changesBehavior };
}

function countsOf(all: readonly (readonly WorkloadOutcome[])[]): Readonly<Record<WorkloadOutcome, number>> {
  const count = (outcome: WorkloadOutcome): number => all.filter((own) => own.includes(outcome)).length;
  return Object.fromEntries(workloadOutcomes.map((outcome) => [outcome, count(outcome)])) as Record<
    WorkloadOutcome,
    number
  >;
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

/** Ready namespaces first, then by the number of workloads that would be denied or blocked, then those without enforcement. */
function byReadiness(a: NamespacePreview, b: NamespacePreview): number {
  const distance = (namespace: NamespacePreview): number =>
    namespace.isReady ? 0 : hinderedIn(namespace) || Number.POSITIVE_INFINITY;
  const [near, far] = [distance(a), distance(b)];
  return near === far ? compare(a.namespace, b.namespace) : near - far;
}

function byHindrance(a: RuleTotals, b: RuleTotals): number {
  for (const outcome of workloadOutcomes) if (a[outcome] !== b[outcome]) return b[outcome] - a[outcome];
  return compare(a.rule.id, b.rule.id);
}

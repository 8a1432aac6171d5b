import type { AuditFinding, ReportedSubject } from '../audit/audit-report.ts';
import { compare } from '../engine/compare.ts';
import type { Mode } from '../engine/rule.ts';
import { countOf } from '../engine/tally.ts';
import { outcomesUnder, pageOutcomesOf } from './audit-outcomes.ts';
import { openGravest } from './gravest-items.ts';
import type { PageGroup, PageReport, PageWorkload, Tile } from './page-report.ts';
import { openRuleCounts } from './rule-counts.ts';
import { firstOutcome, openWorkloadCounts, type WorkloadCounts } from './workload-counts.ts';

export interface AuditRollUpOptions<Subject extends ReportedSubject> {
  readonly mode: Mode;
  /** Also show findings that have no effect under any ceiling. */
  readonly detailed: boolean;
  /** The namespace or the directory. */
  readonly groupOf: (subject: Subject) => string;
  /** Called for workloads that are listed, with the findings to show. */
  readonly show: (subject: Subject, shown: readonly AuditFinding[], outcomes: readonly string[]) => PageWorkload;
  /** How many workloads are listed; all if absent. */
  readonly maxWorkloads?: number;
}

/** The part of a page that the subjects of an audit determine. */
export type RolledUp = Pick<PageReport, 'tiles' | 'groups' | 'outcomes' | 'rules' | 'listed'>;

/**
 * Collects the subjects of an audit for its page: counts all by group and rule, and keeps the gravest workloads as they
 * are shown. It keeps no subject.
 */
export interface AuditRollUp<Subject extends ReportedSubject> {
  add(subject: Subject): void;
  result(): RolledUp;
}

/** A page of no subjects. */
export function openAuditRollUp<Subject extends ReportedSubject>(
  options: AuditRollUpOptions<Subject>,
): AuditRollUp<Subject> {
  const { groupOf, show, maxWorkloads = Number.POSITIVE_INFINITY } = options;
  const outcomes = outcomesUnder(options.mode);
  const total = openWorkloadCounts(outcomes);
  const groups = new Map<string, WorkloadCounts>();
  const rules = openRuleCounts(outcomes);
  const listed = openGravest<{ readonly group: string; readonly workload: PageWorkload }>(maxWorkloads);
  return {
    add(subject) {
      const shown = subject.findings.filter((finding) => pageOutcomesOf(finding, options).length > 0);
      const own = outcomesFor(subject, options);
      const group = groupOf(subject);
      const ofGroup = groups.get(group) ?? openWorkloadCounts(outcomes);
      groups.set(group, ofGroup);
      for (const counts of [total, ofGroup]) counts.add({ outcomes: own });
      rules.add(shown.map((finding) => ({ rule: finding.rule, outcomes: pageOutcomesOf(finding, options) })));
      const first = firstOutcome(outcomes, { outcomes: own });
      const rank = first === undefined ? outcomes.length : outcomes.indexOf(first);
      listed.add(rank + 1 / (1 + countOf(shown)), () => ({ group, workload: show(subject, shown, own) }));
    },
    result() {
      const items = listed.items();
      const byGroup = Map.groupBy(items, ({ group }) => group);
      const { workloads, having } = total.counts();
      const tile = (id: string): Tile => {
        const { label = id, tone = 'faint' } = outcomes.find((outcome) => outcome.id === id) ?? {};
        return { value: having[id] ?? 0, of: workloads, label, tone, filter: `outcome=${id}` };
      };
      return {
        tiles: ['denied', 'warned', 'fixed', 'clean'].map(tile),
        groups: [...groups]
          .map(([name, counts]): PageGroup => {
            const own = byGroup.get(name) ?? [];
            return {
              name,
              mark: '',
              isReady: false,
              counts: counts.counts(),
              workloads: own.map(({ workload }) => workload),
            };
          })
          .toSorted((a, b) => compare(a.name, b.name)),
        outcomes,
        rules: rules.rules(),
        listed: listedText(items.length, workloads),
      };
    },
  };
}

function outcomesFor(subject: ReportedSubject, detail: { readonly detailed: boolean }): string[] {
  const found = new Set(subject.findings.flatMap((finding) => pageOutcomesOf(finding, detail)));
  if (subject.verdict === 'deny') found.add('denied');
  if (found.size === 0) found.add('clean');
  return [...found];
}

const listedText = (listed: number, workloads: number): string | undefined =>
  listed === workloads
    ? undefined
    : `The ${listed} workloads with the gravest outcomes are listed; ${workloads - listed} more are only counted.`;

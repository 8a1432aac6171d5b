import { compare } from '../engine/compare.ts';
import { type Rule, rankOf } from '../engine/rule.ts';
import type { PageOutcome, PageRule } from './page-report.ts';

/** A finding and its outcomes for the workload. */
interface Outcomed {
  readonly rule: Rule;
  readonly outcomes: readonly string[];
}

/** The number of workloads per rule and outcome. The workloads themselves are not kept. */
export interface RuleCounts {
  /** Adds the findings of one workload. */
  add(findings: readonly Outcomed[]): void;
  /** The most important rules first. */
  rules(): PageRule[];
}

/** Counts of no workloads. */
export function openRuleCounts(outcomes: readonly PageOutcome[]): RuleCounts {
  const counts = new Map<Rule, Record<string, number>>();
  return {
    add(findings) {
      for (const [rule, own] of Map.groupBy(findings, (finding) => finding.rule)) {
        const ids = new Set(own.flatMap((finding) => finding.outcomes));
        if (ids.size === 0) continue;
        const ofRule = counts.get(rule) ?? {};
        for (const id of ids) ofRule[id] = (ofRule[id] ?? 0) + 1;
        counts.set(rule, ofRule);
      }
    },
    rules: () =>
      [...counts]
        .map(([{ id, severity, docs }, own]) => ({ id, severity, summary: docs.summary, counts: { ...own } }))
        .toSorted((a, b) => byWeight(a, b, outcomes)),
  };
}

/** By the gravest outcome that differs, then by severity and id. */
function byWeight(a: PageRule, b: PageRule, outcomes: readonly PageOutcome[]): number {
  for (const { id } of outcomes) {
    const difference = (b.counts[id] ?? 0) - (a.counts[id] ?? 0);
    if (difference !== 0) return difference;
  }
  return rankOf[a.severity] - rankOf[b.severity] || compare(a.id, b.id);
}

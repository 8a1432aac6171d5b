import { type Rule, severities } from '../../engine/rule.ts';
import type { PageOutcome, PageRule } from './page-report.ts';

/** `2026-11-28 18:45 UTC`. */
export const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A finding and its outcomes for the workload. */
interface Outcomed {
  readonly rule: Rule;
  readonly outcomes: readonly string[];
}

/** The number of workloads per rule and outcome, computed from the findings of each; the most important rules first. */
export function rulesBy(workloads: readonly (readonly Outcomed[])[], outcomes: readonly PageOutcome[]): PageRule[] {
  const counts = new Map<Rule, Record<string, number>>();
  for (const findings of workloads)
    for (const [rule, own] of Map.groupBy(findings, (finding) => finding.rule)) {
      const ofRule = counts.get(rule) ?? {};
      for (const id of new Set(own.flatMap((finding) => finding.outcomes))) ofRule[id] = (ofRule[id] ?? 0) + 1;
      if (Object.keys(ofRule).length > 0) counts.set(rule, ofRule);
    }
  return [...counts]
    .map(([{ id, severity, docs }, own]) => ({ id, severity, summary: docs.summary, counts: own }))
    .toSorted((a, b) => byWeight(a, b, outcomes));
}

/** By the gravest outcome that differs, then by severity and id. */
function byWeight(a: PageRule, b: PageRule, outcomes: readonly PageOutcome[]): number {
  for (const { id } of outcomes) {
    const difference = (b.counts[id] ?? 0) - (a.counts[id] ?? 0);
    if (difference !== 0) return difference;
  }
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.id < b.id ? -1 : 1);
}

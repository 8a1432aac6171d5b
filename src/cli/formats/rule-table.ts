import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { compare } from '../../engine/compare.ts';
import { isExempt, isLeft } from '../../engine/fate.ts';
import { type Rule, rankOf } from '../../engine/rule.ts';
import { table } from '../output/layout.ts';

const heading = ['RULE', 'SEVERITY', 'ENFORCE', 'WARN', 'AUDIT', 'REPAIRED', 'EXEMPT'];

/** Counts the outcomes of each rule's findings. */
export interface RuleTable {
  add(subject: Pick<ReportedSubject, 'findings'>): void;
  /** The most severe last, next to the prompt. */
  paragraphs(): string[];
}

export function openRuleTable(): RuleTable {
  const byRule = new Map<Rule, number[]>();
  return {
    add({ findings }) {
      for (const finding of findings) {
        const counts = byRule.get(finding.rule) ?? columns.map(() => 0);
        byRule.set(finding.rule, counts);
        for (const [index, isMeant] of columns.entries())
          if (isMeant(finding)) counts[index] = (counts[index] ?? 0) + 1;
      }
    },
    paragraphs: () => (byRule.size === 0 ? [] : [table([heading, ...rowsOf(byRule)]).join('\n')]),
  };
}

/** Whether a finding counts in each column after the rule and its severity. */
const columns: readonly ((finding: AuditFinding) => boolean)[] = [
  ...(['enforce', 'warn', 'audit'] as const).map(
    (mode) => (finding: AuditFinding) => isLeft(finding) && finding.mode === mode,
  ),
  ({ fixed }) => fixed,
  isExempt,
];

function rowsOf(byRule: ReadonlyMap<Rule, readonly number[]>): string[][] {
  return [...byRule]
    .toSorted(
      ([a, counts], [b, others]) =>
        compareCounts(counts, others) || rankOf[b.severity] - rankOf[a.severity] || compare(a.id, b.id),
    )
    .map(([rule, counts]) => [
      rule.id,
      rule.severity,
      ...counts.map((count, index) => String(count || '-').padStart(heading[index + 2]?.length ?? 0)),
    ]);
}

/** Compares by the first number that differs. */
function compareCounts(a: readonly number[], b: readonly number[]): number {
  for (const [index, count] of a.entries()) if (count !== b[index]) return count - (b[index] ?? 0);
  return 0;
}

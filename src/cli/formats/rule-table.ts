import type { AuditFinding, ShownReport } from '../../audit/audit-report.ts';
import { compare } from '../../engine/compare.ts';
import { isExempt, isLeft } from '../../engine/fate.ts';
import { severities } from '../../engine/rule.ts';
import { table } from '../output/layout.ts';

const heading = ['RULE', 'SEVERITY', 'ENFORCE', 'WARN', 'AUDIT', 'REPAIRED', 'EXEMPT'];

/** The number of findings per rule and outcome; the most disruptive rules last, closest to the prompt. */
export function ruleTable({ subjects }: ShownReport): string[] {
  const byRule = Map.groupBy(
    subjects.flatMap(({ findings }) => findings),
    ({ rule }) => rule,
  );
  if (byRule.size === 0) return [];
  const rows = [...byRule]
    .map(([rule, findings]) => ({ rule, counts: countsOf(findings) }))
    .toSorted(
      (a, b) =>
        compareCounts(a.counts, b.counts) ||
        severities.indexOf(b.rule.severity) - severities.indexOf(a.rule.severity) ||
        compare(a.rule.id, b.rule.id),
    )
    .map(({ rule, counts }) => [
      rule.id,
      rule.severity,
      ...counts.map((count, index) => String(count || '-').padStart(heading[index + 2]?.length ?? 0)),
    ]);
  return [table([heading, ...rows]).join('\n')];
}

function countsOf(findings: readonly AuditFinding[]): number[] {
  const count = (isMeant: (finding: AuditFinding) => boolean): number => findings.filter(isMeant).length;
  return [
    ...(['enforce', 'warn', 'audit'] as const).map((mode) =>
      count((finding) => isLeft(finding) && finding.mode === mode),
    ),
    count(({ fixed }) => fixed),
    count(isExempt),
  ];
}

/** Compares by the first number that differs. */
function compareCounts(a: readonly number[], b: readonly number[]): number {
  for (const [index, count] of a.entries()) if (count !== b[index]) return count - (b[index] ?? 0);
  return 0;
}

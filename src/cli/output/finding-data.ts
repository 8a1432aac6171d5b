import type { AuditFinding } from '../../audit/audit-report.ts';

/** The fields of a finding in every report for machines. */
export function findingData({ rule, mode, objectPath, position, container, message, more }: AuditFinding) {
  return {
    rule: rule.id,
    mode,
    severity: rule.severity,
    category: rule.category,
    path: objectPath,
    file: position?.file,
    line: position?.line,
    column: position?.column,
    container: container ?? null,
    message,
    ...(more > 0 && { more }),
  };
}

import { type AuditFinding, type AuditReport, type ReportedSubject, summaryOf } from '../../audit/audit-report.ts';

/** The report for machines. The shape is stable: members may be added, none goes or changes its meaning. */
export function auditJson(report: AuditReport): string {
  const data = { version: 1, summary: summaryOf(report), subjects: report.subjects.map(subjectData) };
  return JSON.stringify(data, undefined, 2);
}

function subjectData({ object, manifest, position, podPath, verdict, findings, typeProblems }: ReportedSubject) {
  return {
    file: manifest?.file,
    line: position?.line,
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.namespace ?? null,
    name: object.name,
    podPath,
    verdict,
    findings: findings.map(findingData),
    typeErrors: typeProblems.map(({ objectPath, position, message }) => ({
      path: objectPath,
      line: position?.line,
      column: position?.column,
      message,
    })),
  };
}

function findingData({ rule, mode, objectPath, position, container, message, fixed, exemption }: AuditFinding) {
  return {
    rule: rule.id,
    mode,
    severity: rule.severity,
    category: rule.category,
    path: objectPath,
    line: position?.line,
    column: position?.column,
    container: container ?? null,
    message,
    fixed,
    exempt: exemption?.name ?? null,
  };
}

import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import type { ScannedFinding, ScannedSubject } from '../../audit/scanned-subject.ts';
import { findingData } from '../output/finding-data.ts';
import { visible } from '../output/layout.ts';
import { withoutSecrets } from '../output/without-secrets.ts';
import type { ShownReport } from './presentation.ts';

/** The report for machines. The format is stable: members may be added, but are never removed or redefined. */
export function auditJson({ sum, subjects, skipped }: Pick<ShownReport, 'sum' | 'subjects' | 'skipped'>): string {
  const data = { version: 1, summary: sum.summary(skipped), subjects: subjects.map(subjectData) };
  return visible(JSON.stringify(data, undefined, 2));
}

/** A subject from a cluster has Pod counts in addition. */
type ShownSubject = ReportedSubject & Partial<Pick<ScannedSubject, 'children' | 'pods' | 'stopsAtRestart'>>;
type ShownFinding = AuditFinding & Partial<Pick<ScannedFinding, 'inTemplate' | 'pods'>>;

function subjectData(subject: ShownSubject) {
  const { object, manifest, position, podPath, children, verdict, findings, typeProblems, patch } = subject;
  return {
    file: manifest?.file,
    line: position?.line,
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.namespace ?? null,
    name: object.name,
    podPath,
    children,
    pods: subject.pods,
    stopsAtRestart: subject.stopsAtRestart,
    verdict,
    findings: findings.map(shownData),
    // relative to the object, like the findings' paths
    patch: withoutSecrets(patch.map((operation) => ({ ...operation, path: `${podPath}${operation.path}` }))),
    typeErrors: typeProblems.map(({ objectPath, position, message }) => ({
      path: objectPath,
      line: position?.line,
      column: position?.column,
      message,
    })),
  };
}

function shownData(finding: ShownFinding) {
  const { fixed, exemption, inTemplate, pods } = finding;
  return {
    ...findingData(finding),
    fixed,
    exempt: exemption?.name ?? null,
    exemptReason: exemption?.reason,
    inTemplate,
    pods,
  };
}

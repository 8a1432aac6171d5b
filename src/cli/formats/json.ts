import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import type { ScannedFinding, ScannedSubject } from '../../audit/scanned-subject.ts';
import { changesBehavior } from '../../engine/fate.ts';
import type { ManifestProblem } from '../../manifests/read-manifests.ts';
import { findingData } from '../output/finding-data.ts';
import { hideSecrets } from '../output/hide-secrets.ts';
import { visible } from '../output/layout.ts';
import type { Presentation } from './presentation.ts';

/** The report for machines. The format is stable: members may be added, but are never removed or redefined. */
export function auditJson({ report, problems }: Pick<Presentation, 'report' | 'problems'>): string {
  const { sum, subjects, skipped } = report;
  const data = {
    version: 1,
    summary: sum.summary(skipped),
    subjects: subjects.map(subjectData),
    ...(problems.length > 0 && { problems: problems.map(problemData) }),
  };
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
    patch: hideSecrets(patch.map((operation) => ({ ...operation, path: `${podPath}${operation.path}` }))),
    typeErrors: typeProblems.map(({ objectPath, position, message }) => ({
      path: objectPath,
      line: position?.line,
      column: position?.column,
      message,
    })),
  };
}

const problemData = ({ file, position, message }: ManifestProblem) => ({
  file,
  line: position?.line,
  column: position?.column,
  message,
});

function shownData(finding: ShownFinding) {
  const { fixed, exemption, inTemplate, pods } = finding;
  return {
    ...findingData(finding),
    fixed,
    changesBehavior: changesBehavior(finding),
    exempt: exemption?.name ?? null,
    exemptReason: exemption?.reason,
    inTemplate,
    pods,
  };
}

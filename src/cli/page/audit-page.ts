import path from 'node:path';
import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { openAuditRollUp } from '../../page/audit-roll-up.ts';
import { workloadOf } from '../../page/audit-workload.ts';
import { minuteOf } from '../../page/minute-text.ts';
import type { PageReport, PageWorkload } from '../../page/page-report.ts';
import { reportPage } from '../../page/report-page.ts';
import { version } from '../../version.ts';
import { placeInSubject } from '../formats/finding-place.ts';
import type { Presentation } from '../formats/presentation.ts';
import { podDiffOf } from '../output/pod-diff.ts';

/** The audit as a page. */
export const auditHtml = (presentation: Presentation): string => reportPage(auditReport(presentation));

function auditReport(presentation: Presentation): PageReport {
  const { report, problems, policy, policySource, evaluated, at, style } = presentation;
  const isOfFiles = report.subjects.some(({ manifest }) => manifest !== undefined);
  const rollUp = openAuditRollUp<ReportedSubject>({
    mode: policy.mode,
    detailed: style.detailed,
    groupOf: (subject) => groupOf(subject, presentation),
    show: (subject, told, outcomes) => shownWith(presentation, subject, told, outcomes),
  });
  report.subjects.forEach(rollUp.add);
  const { subjects, denied } = report.sum.summary();
  return {
    title: `Podwright audit of ${evaluated}`,
    views: presentation.views,
    facts: [
      { name: 'evaluated', value: minuteOf(at.toISOString()) },
      { name: 'policy', value: policySource },
      { name: 'mode', value: policy.mode },
      { name: 'Podwright', value: version },
    ],
    sentences: [subjects === 0 ? 'The input contains no Pods or Pod templates.' : verdictSentence(denied)],
    warnings: problems.map(({ file, position, message }) =>
      [file === '-' ? 'stdin' : file, ...(position ? [position.line, position.column] : [])]
        .join(':')
        .concat(`: ${message}`),
    ),
    groupedBy: isOfFiles ? 'folder' : 'namespace',
    chapters: [],
    ...rollUp.result(),
  };
}

const verdictSentence = (denied: number): string =>
  denied === 0 ? 'The cluster would accept everything.' : `The cluster would deny ${denied} as they are.`;

/** The workload with its place in a file, the places of its findings, and the changes of its fixes. */
function shownWith(
  { repositoryPath }: Presentation,
  subject: ReportedSubject,
  told: readonly AuditFinding[],
  outcomes: readonly string[],
): PageWorkload {
  const { manifest, position } = subject;
  const file = manifest && (repositoryPath(manifest.file) ?? 'stdin');
  const workload = workloadOf(subject, told, outcomes);
  return {
    ...workload,
    place: file === undefined ? '' : `${file}:${position?.line ?? 1}`,
    findings: workload.findings.map((finding, index) => {
      const found = told[index];
      return { ...finding, place: (found && placeInSubject(found)) || finding.place };
    }),
    diff: podDiffOf(subject),
  };
}

function groupOf({ manifest, object }: ReportedSubject, { repositoryPath }: Presentation): string {
  if (manifest === undefined) return object.namespace ?? '';
  const file = repositoryPath(manifest.file);
  return file === undefined ? 'standard input' : path.posix.dirname(file);
}

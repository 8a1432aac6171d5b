import type { AuditFinding, ReportedSubject } from '../audit/audit-report.ts';
import { riskyRepairWords } from '../audit/outcome-words.ts';
import { changesBehavior, onlyRecords, outcomeOf } from '../engine/fate.ts';
import { sentenceOf, titleOf } from '../engine/messages.ts';
import { countOf } from '../engine/tally.ts';
import { fieldPath } from '../patch/pointer.ts';
import { toneOf } from './audit-outcomes.ts';
import type { PageFinding, PageWorkload } from './page-report.ts';

/** How much of a workload is shown; everything if there are no limits. */
export interface WorkloadLimits {
  readonly findings: number;
  readonly remarks: number;
  /** Shortens a text. */
  readonly text: (text: string) => string;
}

const noLimits: WorkloadLimits = {
  findings: Number.POSITIVE_INFINITY,
  remarks: Number.POSITIVE_INFINITY,
  text: (text) => text,
};

/** A workload without a file and without a diff, with these findings. */
export function workloadOf(
  subject: ReportedSubject,
  shown: readonly AuditFinding[],
  outcomes: readonly string[],
  { findings: most, remarks, text }: WorkloadLimits = noLimits,
): PageWorkload {
  const { object, typeProblems } = subject;
  const more = countOf(shown.slice(most));
  return {
    title: text(titleOf({ ...object, podPath: '' })),
    place: '',
    namespace: object.namespace ?? '',
    outcomes,
    findings: shown.slice(0, most).map((finding) => shortenedBy(text, findingOf(finding, subject))),
    ...(more > 0 && { moreFindings: more }),
    rules: [...new Set(shown.map(({ rule }) => rule.id))],
    remarks: typeProblems
      .slice(0, remarks)
      .map(({ objectPath, message }) => text(`the cluster would reject it: ${fieldPath(objectPath)} ${message}`)),
    diff: '',
  };
}

function findingOf(finding: AuditFinding, subject: ReportedSubject): PageFinding {
  const { rule, exemption, objectPath } = finding;
  const outcome = outcomeOf(finding);
  const isRecorded = onlyRecords(subject);
  const repaired = isRecorded ? 'would be repaired' : 'repaired';
  const reason = outcome === 'exempt' ? ` (${exemption?.name}: ${exemption?.reason})` : '';
  return {
    word: changesBehavior(finding) ? riskyRepairWords(isRecorded) : outcome === 'fixed' ? repaired : outcome,
    tone: toneOf(finding),
    rule: rule.id,
    message: `${sentenceOf(finding)}${reason}`,
    place: fieldPath(objectPath),
  };
}

const shortenedBy = (text: WorkloadLimits['text'], finding: PageFinding): PageFinding => ({
  ...finding,
  message: text(finding.message),
  place: text(finding.place),
});

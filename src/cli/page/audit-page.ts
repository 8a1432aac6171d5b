import path from 'node:path';
import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { changesBehavior, isLeft, type Outcome, onlyRecords, outcomeOf } from '../../engine/fate.ts';
import { sentenceOf, titleOf } from '../../engine/messages.ts';
import type { Mode } from '../../engine/rule.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { version } from '../../version.ts';
import { placeInSubject } from '../formats/finding-place.ts';
import { riskyRepairText } from '../formats/outcome-words.ts';
import type { Presentation } from '../formats/presentation.ts';
import { isTold } from '../formats/text-style.ts';
import { podDiffOf } from '../output/pod-diff.ts';
import { minuteOf, rulesBy } from './page-parts.ts';
import type { PageFinding, PageGroup, PageOutcome, PageReport, PageWorkload, Tone } from './page-report.ts';
import { reportPage } from './report-page.ts';

/** The audit as a page. */
export const auditHtml = (presentation: Presentation): string => reportPage(auditReport(presentation));

function auditReport(presentation: Presentation): PageReport {
  const { report, problems, policy, policySource, judged, at } = presentation;
  const isOfFiles = report.subjects.some(({ manifest }) => manifest !== undefined);
  const outcomes = outcomesUnder(policy.mode);
  const pairs = report.subjects.map((subject) => ({ subject, workload: workloadOf(subject, presentation) }));
  const workloads = pairs.map(({ workload }) => workload);
  const groups = [...Map.groupBy(pairs, ({ subject }) => groupOf(subject, presentation))]
    .map(([name, own]): PageGroup => ({ name, mark: '', isReady: false, workloads: own.map((each) => each.workload) }))
    .toSorted((a, b) => byName(a.name, b.name));
  const { subjects, denied } = report.sum.summary();
  const tile = (id: string) => {
    const outcome = outcomes.find((each) => each.id === id);
    const value = workloads.filter((workload) => workload.outcomes.includes(id)).length;
    return {
      value,
      of: subjects,
      label: outcome?.label ?? id,
      tone: outcome?.tone ?? 'faint',
      filter: `outcome=${id}`,
    };
  };
  return {
    title: `Podwright audit of ${judged}`,
    views: presentation.views,
    facts: [
      { name: 'judged', value: minuteOf(at) },
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
    tiles: ['denied', 'warned', 'fixed', 'clean'].map(tile),
    groupedBy: isOfFiles ? 'folder' : 'namespace',
    groups,
    outcomes,
    rules: rulesBy(
      report.subjects.map(({ findings }) =>
        findings.map((finding) => ({ ...finding, outcomes: outcomesOf(finding, presentation) })),
      ),
      outcomes,
    ),
    chapters: [],
  };
}

const verdictSentence = (denied: number): string =>
  denied === 0 ? 'The cluster would accept everything.' : `The cluster would deny ${denied} as they are.`;

function outcomesUnder(mode: Mode): PageOutcome[] {
  const repaired = onlyRecords({ mode }) ? 'would be repaired' : 'repaired';
  return [
    { id: 'denied', label: 'denied', meaning: 'would be denied if applied as they are', tone: 'bad' },
    { id: 'warned', label: 'warned', meaning: 'applying them would print warnings', tone: 'careful' },
    { id: 'recorded', label: 'recorded', meaning: 'users would see nothing', tone: 'stop' },
    { id: 'fixed', label: repaired, meaning: 'at admission, before they are stored', tone: 'fixed' },
    { id: 'exempt', label: 'exempt', meaning: 'an exemption covers some findings', tone: 'exempt' },
    { id: 'clean', label: 'nothing to do', meaning: 'no findings that users would see', tone: 'good' },
  ];
}

function workloadOf(subject: ReportedSubject, { style, repositoryPath }: Presentation): PageWorkload {
  const { object, manifest, position, findings, typeProblems } = subject;
  const file = manifest && (repositoryPath(manifest.file) ?? 'stdin');
  const found = new Set(findings.flatMap((finding) => outcomesOf(finding, { style })));
  if (subject.verdict === 'deny') found.add('denied');
  if (found.size === 0) found.add('clean');
  return {
    title: titleOf({ ...object, podPath: '' }),
    place: file === undefined ? '' : `${file}:${position?.line ?? 1}`,
    namespace: object.namespace ?? '',
    outcomes: [...found],
    findings: findings
      .filter((finding) => outcomesOf(finding, { style }).length > 0)
      .map((finding) => findingOf(finding, subject)),
    remarks: typeProblems.map(
      ({ objectPath, message }) => `the cluster would reject it: ${fieldPath(objectPath)} ${message}`,
    ),
    diff: podDiffOf(subject),
  };
}

/** The outcomes of a finding for its workload; empty if it is not reported. */
function outcomesOf(finding: AuditFinding, { style }: Pick<Presentation, 'style'>): string[] {
  if (isLeft(finding) && !isTold(finding, style)) return [];
  return [pageOutcomes[outcomeOf(finding)]];
}

const pageOutcomes = {
  fixed: 'fixed',
  exempt: 'exempt',
  enforce: 'denied',
  warn: 'warned',
  audit: 'recorded',
  off: 'recorded',
} as const satisfies Record<Outcome, string>;

const tones: Readonly<Record<Outcome, Tone>> = {
  fixed: 'fixed',
  exempt: 'exempt',
  enforce: 'bad',
  warn: 'careful',
  audit: 'stop',
  off: 'faint',
};

function findingOf(finding: AuditFinding, subject: ReportedSubject): PageFinding {
  const { rule, exemption, objectPath } = finding;
  const outcome = outcomeOf(finding);
  const isRecorded = onlyRecords(subject);
  const repaired = isRecorded ? 'would be repaired' : 'repaired';
  const reason = outcome === 'exempt' ? ` (${exemption?.name}: ${exemption?.reason})` : '';
  return {
    word: changesBehavior(finding) ? riskyRepairText(isRecorded) : outcome === 'fixed' ? repaired : outcome,
    tone: tones[outcome],
    rule: rule.id,
    message: `${sentenceOf(finding)}${reason}`,
    place: placeInSubject(finding) || fieldPath(objectPath),
  };
}

function groupOf({ manifest, object }: ReportedSubject, { repositoryPath }: Presentation): string {
  if (manifest === undefined) return object.namespace ?? '';
  const file = repositoryPath(manifest.file);
  return file === undefined ? 'standard input' : path.posix.dirname(file);
}

const byName = (a: string, b: string): number => (a < b ? -1 : 1);

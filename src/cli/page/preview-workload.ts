import { isHindered, type WorkloadPreview, workloadOutcomesOf } from '../../audit/preview/index.ts';
import type { ScannedFinding } from '../../audit/scanned-subject.ts';
import { changesBehavior } from '../../engine/fate.ts';
import { sentenceOf } from '../../engine/messages.ts';
import type { PageFinding, PageWorkload } from '../../page/page-report.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { usageNote, usageOfFinding } from '../output/finding-usage.ts';
import { podDiffOf } from '../output/pod-diff.ts';
import { titleFor } from '../output/preview-sentences.ts';
import type { PreviewStyle } from '../output/preview-style.ts';
import { tones } from './preview-outcomes.ts';

/** A workload of a preview as the page shows it. */
export function previewedWorkload(workload: WorkloadPreview, usage: PreviewStyle['usage']): PageWorkload {
  const { subject } = workload;
  const findings = subject.findings.flatMap((finding) => findingsOf(finding, workload, usage));
  // a value that the API server would fail to decode is not a finding of a rule
  const isUnreadable = isHindered(workload) && findings.every(({ tone }) => tone !== 'bad' && tone !== 'stop');
  return {
    title: titleFor(workload),
    place: '',
    namespace: subject.namespace,
    outcomes: workload.outcomes.size === 0 ? ['clean'] : [...workload.outcomes],
    findings,
    rules: [...new Set(findings.map(({ rule }) => rule))],
    remarks: isUnreadable ? ['has fields that the cluster would reject'] : [],
    diff: podDiffOf(subject),
  };
}

function findingsOf(
  finding: ScannedFinding,
  { subject }: WorkloadPreview,
  measured: PreviewStyle['usage'],
): PageFinding[] {
  const own = workloadOutcomesOf(finding, subject);
  const [first] = own;
  if (first === undefined) return [];
  const { rule, exemption, inTemplate, objectPath } = finding;
  const usage = measured && usageOfFinding(finding, subject, measured);
  const notes = [
    ...(usage === undefined ? [] : [usageNote(usage)]),
    ...(changesBehavior(finding) ? ['this fix can change how an application behaves'] : []),
    ...(subject.podPath !== '' && !inTemplate ? ['in running Pods only'] : []),
    ...(first === 'exempt' && exemption !== undefined ? [`${exemption.name}: ${exemption.reason}`] : []),
  ];
  return [
    {
      word: own.join(', '),
      tone: tones[first] ?? 'faint',
      rule: rule.id,
      message: [sentenceOf(finding), ...notes.map((note) => `(${note})`)].join(' '),
      place: fieldPath(objectPath),
    },
  ];
}

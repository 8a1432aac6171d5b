import {
  isHindered,
  type NamespacePreview,
  type Preview,
  type WorkloadPreview,
  workloadOutcomesOf,
} from '../../audit/preview/index.ts';
import type { ScannedFinding } from '../../audit/scanned-subject.ts';
import { changesBehavior } from '../../engine/fate.ts';
import { sentenceOf } from '../../engine/messages.ts';
import { html } from '../../page/html.ts';
import { minuteOf } from '../../page/minute.ts';
import type {
  PageChapter,
  PageFinding,
  PageGroup,
  PageOutcome,
  PageReport,
  PageWorkload,
  Tone,
} from '../../page/page-report.ts';
import { reportPage } from '../../page/report-page.ts';
import { openRuleCounts } from '../../page/rule-counts.ts';
import { countsOf } from '../../page/workload-counts.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { openToAllNote } from '../../policy/notes.ts';
import { version } from '../../version.ts';
import { usageNote, usageOfFinding } from '../output/finding-usage.ts';
import { counted } from '../output/layout.ts';
import { plain } from '../output/paint.ts';
import { podDiffOf } from '../output/pod-diff.ts';
import { changeLines } from '../output/preview-changes.ts';
import { endsSections } from '../output/preview-ends.ts';
import { readyEntry } from '../output/preview-entry.ts';
import { fixesNote, markOf, unenforcedSentences } from '../output/preview-modes.ts';
import { operatorsEntry, operatorsHeading } from '../output/preview-operators.ts';
import { columns, exemptionsEntry, requestsSentences, ruleColumns, titleFor } from '../output/preview-sentences.ts';
import { nothingRunsText, openHeading, type PreviewStyle } from '../output/preview-text.ts';

/** The preview as a page to present, on a screen or on paper. */
export const previewHtml = (preview: Preview, style: PreviewStyle): string => reportPage(previewReport(preview, style));

const tones: Readonly<Record<string, Tone>> = {
  denied: 'bad',
  stops: 'stop',
  warned: 'careful',
  fixed: 'fixed',
  exempt: 'exempt',
};

const outcomes: readonly PageOutcome[] = [
  ...['denied', 'stops', 'warned', 'fixed', 'exempt'].flatMap((id) =>
    ruleColumns
      .filter(({ of }) => of === id)
      .map(({ heading, meaning }) => ({ id, label: heading, meaning, tone: tones[id] ?? 'faint' })),
  ),
  { id: 'clean', label: 'nothing', meaning: 'nothing would happen to them', tone: 'good' },
];

/** The preview as the data of a page. */
export function previewReport(preview: Preview, style: PreviewStyle): PageReport {
  const { namespaces, totals } = preview;
  const ready = namespaces.filter(({ isReady }) => isReady).length;
  const rules = openRuleCounts(outcomes);
  for (const { subject } of namespaces.flatMap(({ workloads }) => workloads))
    rules.add(
      subject.findings.map((finding) => ({ rule: finding.rule, outcomes: workloadOutcomesOf(finding, subject) })),
    );
  const workloadTile = (id: 'denied' | 'stops' | 'fixed', label: string) => ({
    value: totals[id],
    of: totals.workloads,
    label,
    tone: tones[id] ?? 'faint',
    filter: `outcome=${id}`,
  });
  return {
    title: `What Podwright would do to ${style.cluster}`,
    views: style.views,
    facts: [
      { name: 'cluster', value: style.cluster },
      { name: 'evaluated', value: minuteOf(style.at.toISOString()) },
      { name: 'policy', value: style.policy },
      { name: 'mode', value: style.ceiling ?? style.written.mode },
      ...(style.usage === undefined ? [] : [{ name: 'usage', value: style.usage.source ?? 'unknown source' }]),
      { name: 'Podwright', value: version },
    ],
    sentences: [
      totals.workloads === 0 ? nothingRunsText : sumSentence(totals.workloads, namespaces.length, ready),
      ...requestsSentences(totals),
      ...comparedSentences(preview),
      ...unenforcedSentences(namespaces, style.ceiling),
    ],
    warnings: style.missing,
    tiles: [
      { value: ready, of: namespaces.length, label: 'namespaces are ready', tone: 'good' },
      workloadTile('denied', 'workloads would be denied'),
      workloadTile('stops', 'would stop at their next restart'),
      workloadTile('fixed', 'would be repaired'),
    ],
    groupedBy: 'namespace',
    groups: namespaces.map((namespace) => groupOf(namespace, style.usage)),
    outcomes,
    rules: rules.rules(),
    chapters: chaptersOf(preview, style),
  };
}

const sumSentence = (workloads: number, namespaces: number, ready: number): string =>
  `${counted(workloads, 'workload')} in ${counted(namespaces, 'namespace')}, ${
    ready === 0 ? 'none of which is ready.' : `of which ${ready} ready: no workload there would be denied or stop.`
  }`;

/** The differences from the policy in force, in numbers. */
function comparedSentences({ totals, before }: Preview): string[] {
  if (before === undefined) return [];
  const changed = columns.slice(1).filter(({ of }) => totals[of] !== before[of]);
  if (changed.length === 0) return ['The numbers are those of the policy in force.'];
  const words = changed.map(({ of, heading }) => `${heading} ${before[of]} → ${totals[of]}`);
  return [`Compared with the policy in force: ${words.join(', ')}.`];
}

function groupOf(preview: NamespacePreview, usage: PreviewStyle['usage']): PageGroup {
  const { namespace, isReady, workloads } = preview;
  const mark = `${markOf(preview)}${fixesNote(preview)}`.trim();
  const shown = workloads.map((workload) => workloadOf(workload, usage));
  return { name: namespace, mark, isReady, counts: countsOf(shown, outcomes), workloads: shown };
}

function workloadOf(workload: WorkloadPreview, usage: PreviewStyle['usage']): PageWorkload {
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

function chaptersOf(preview: Preview, style: PreviewStyle): PageChapter[] {
  const { namespaces, suggestions, unusedExemptions, unlistedOperators, openExemptions } = preview;
  const changes = changeLines(
    namespaces.flatMap(({ workloads }) => workloads),
    plain,
  );
  const entry = readyEntry(preview, style);
  const unused = unusedExemptions.map(({ name }) => name).join(', ');
  const chapters: (PageChapter | undefined)[] = [
    changes.length > 0
      ? { heading: 'What changes', content: html`<pre tabindex="0">${changes.slice(1).join('\n')}</pre>` }
      : undefined,
    ...endsSections(preview, plain.columns).map(({ heading, lines }) => ({
      heading,
      content: html`<pre tabindex="0">${lines.join('\n')}</pre>`,
    })),
    unlistedOperators.length > 0
      ? {
          heading: 'Operators that are not listed',
          content: html`<p>${operatorsHeading}</p>\n<pre class="copy" tabindex="0">${operatorsEntry(unlistedOperators)}</pre>`,
        }
      : undefined,
    suggestions.length > 0
      ? {
          heading: 'Add-ons without an exemption',
          content: html`<pre class="copy" tabindex="0">${exemptionsEntry(suggestions)}</pre>`,
        }
      : undefined,
    openExemptions.length > 0
      ? {
          heading: openHeading,
          content: html`<pre tabindex="0">${openExemptions.map(openToAllNote).join('\n')}</pre>`,
        }
      : undefined,
    unused === '' ? undefined : { heading: 'Exemptions that cover nothing here', content: html`<p>${unused}</p>` },
    entry && {
      heading: 'Suggested policy',
      content: html`<p>${entry.instruction}</p>\n<pre class="copy" tabindex="0">${entry.yaml}</pre>`,
    },
  ];
  return chapters.filter((chapter) => chapter !== undefined);
}

import { type NamespacePreview, type Preview, workloadOutcomesOf } from '../../audit/preview/index.ts';
import { minuteOf } from '../../page/minute-text.ts';
import type { PageGroup, PageReport } from '../../page/page-report.ts';
import { reportPage } from '../../page/report-page.ts';
import { openRuleCounts } from '../../page/rule-counts.ts';
import { countsOf } from '../../page/workload-counts.ts';
import { version } from '../../version.ts';
import { counted } from '../output/layout.ts';
import { fixesNote, markOf, unenforcedSentences } from '../output/preview-modes.ts';
import { columns, requestsSentences } from '../output/preview-sentences.ts';
import { nothingRunsText, type PreviewStyle } from '../output/preview-style.ts';
import { chaptersOf } from './preview-chapters.ts';
import { outcomes, tones } from './preview-outcomes.ts';
import { previewedWorkload } from './preview-workload.ts';

/** The preview as a page to present, on a screen or on paper. */
export const previewHtml = (preview: Preview, style: PreviewStyle): string => reportPage(previewReport(preview, style));

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
  const shown = workloads.map((workload) => previewedWorkload(workload, usage));
  return { name: namespace, mark, isReady, counts: countsOf(shown, outcomes), workloads: shown };
}

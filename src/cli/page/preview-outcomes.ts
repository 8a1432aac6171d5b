import type { PageOutcome, Tone } from '../../page/page-report.ts';
import { ruleColumns } from '../output/preview-sentences.ts';

/** The tone of each outcome in a preview. */
export const tones: Readonly<Record<string, Tone>> = {
  denied: 'bad',
  stops: 'stop',
  warned: 'careful',
  fixed: 'fixed',
  exempt: 'exempt',
};

/** The outcomes that the page of a preview distinguishes. */
export const outcomes: readonly PageOutcome[] = [
  ...['denied', 'stops', 'warned', 'fixed', 'exempt'].flatMap((id) =>
    ruleColumns
      .filter(({ of }) => of === id)
      .map(({ heading, meaning }) => ({ id, label: heading, meaning, tone: tones[id] ?? 'faint' })),
  ),
  { id: 'clean', label: 'nothing', meaning: 'nothing would happen to them', tone: 'good' },
];

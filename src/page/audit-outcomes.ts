import type { AuditFinding } from '../audit/audit-report.ts';
import { isShown } from '../audit/shown-finding.ts';
import { isLeft, type Outcome, onlyRecords, outcomeOf } from '../engine/fate.ts';
import type { Mode } from '../engine/rule.ts';
import type { PageOutcome, Tone } from './page-report.ts';

/** The outcomes of an audit under a policy of this mode, the gravest first. */
export function outcomesUnder(mode: Mode): PageOutcome[] {
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

const pageOutcomes = {
  fixed: 'fixed',
  exempt: 'exempt',
  enforce: 'denied',
  warn: 'warned',
  audit: 'recorded',
  off: 'recorded',
} as const satisfies Record<Outcome, string>;

/** The outcomes of a finding for its workload; empty if it is not reported. */
export function pageOutcomesOf(finding: AuditFinding, detail: { readonly detailed: boolean }): string[] {
  if (isLeft(finding) && !isShown(finding, detail)) return [];
  return [pageOutcomes[outcomeOf(finding)]];
}

/** The tone of a finding. */
export const toneOf = (finding: AuditFinding): Tone => tones[outcomeOf(finding)];

const tones: Readonly<Record<Outcome, Tone>> = {
  fixed: 'fixed',
  exempt: 'exempt',
  enforce: 'bad',
  warn: 'careful',
  audit: 'stop',
  off: 'faint',
};

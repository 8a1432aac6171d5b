import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import type { PacedWork } from '../../cluster/scan/index.ts';
import { counted } from '../../engine/counted.ts';
import { onlyRecords } from '../../engine/fate.ts';
import type { Policy } from '../../engine/policy.ts';
import { shortened } from '../../engine/shortened.ts';
import { openAuditRollUp, type RolledUp } from '../../page/audit-roll-up.ts';
import { workloadOf } from '../../page/audit-workload.ts';
import { minuteOf } from '../../page/minute-text.ts';
import type { PageReport } from '../../page/page-report.ts';
import { reportParts } from '../../page/report-page.ts';
import { version } from '../../version.ts';
import type { ScanSummary } from './scan-summary.ts';

/** The page of the leader's last scan. */
export interface ScanPage {
  /** In UTF-8; undefined before the first scan has ended. It costs nothing to ask for it. */
  readonly html: Buffer | undefined;
  /** Starts to collect the next one; the last one stays until that is complete. */
  begin(policy: Policy): StartedPage;
  /** Forgets it when this replica no longer scans. */
  clear(): void;
}

/** The page of a scan that is under way. */
export interface StartedPage {
  add(subject: ScannedSubject): void;
  /** Renders the page, which replaces the last one. */
  complete(summary: Pick<ScanSummary, 'denied' | 'unreadable'>): Promise<void>;
}

/** How many workloads are listed, the gravest; all are counted. With the limits below, a page stays within a few MiB. */
export const maxWorkloads = 1_000;
const limits = { findings: 8, remarks: 3, text: (text: string) => shortened(text, 200) };

/**
 * Collects the page of each scan in bounded memory. It has no diffs, because they would be most of it and show
 * manifests. It is rendered once, at the pace of `work`.
 */
export function openScanPage(work: PacedWork): ScanPage {
  let html: Buffer | undefined;
  return {
    get html() {
      return html;
    },
    begin(policy) {
      const rollUp = openAuditRollUp<ScannedSubject>({
        mode: policy.mode,
        detailed: false,
        groupOf: ({ namespace }) => namespace,
        show: (subject, told, outcomes) => workloadOf(subject, told, outcomes, limits),
        maxWorkloads,
      });
      return {
        add: rollUp.add,
        async complete(summary) {
          const chunks: Buffer[] = [];
          const parts = reportParts(scanReport(rollUp.result(), policy, summary));
          await work(parts, ({ markup }) => chunks.push(Buffer.from(markup)));
          html = Buffer.concat(chunks);
        },
      };
    },
    clear() {
      html = undefined;
    },
  };
}

function scanReport(
  rolledUp: RolledUp,
  policy: Policy,
  { denied, unreadable }: Pick<ScanSummary, 'denied' | 'unreadable'>,
): PageReport {
  const workloads = rolledUp.groups.reduce((sum, { counts }) => sum + counts.workloads, 0);
  return {
    title: 'Podwright scan of this cluster',
    facts: [
      { name: 'scanned', value: minuteOf(new Date().toISOString()) },
      { name: 'policy', value: policy.hash },
      { name: 'mode', value: policy.mode },
      { name: 'Podwright', value: version },
    ],
    sentences: [
      `${counted(workloads, 'workload')} in ${counted(rolledUp.groups.length, 'namespace')}, without excluded namespaces. ${verdictSentence(denied, policy)}`,
    ],
    warnings: unreadable.map(({ message }) => `not read: ${shortened(message, 500)}`),
    groupedBy: 'namespace',
    chapters: [],
    ...rolledUp,
  };
}

function verdictSentence(denied: number, policy: Policy): string {
  if (denied > 0) return `The policy would deny ${denied} as they are.`;
  return onlyRecords(policy)
    ? 'The policy only records findings; podwright preview shows what enforcement would do.'
    : 'The policy would deny none of them.';
}

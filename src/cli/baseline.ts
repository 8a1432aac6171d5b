import { readFile } from 'node:fs/promises';
import type { AuditFinding, ReportedSubject, ShownReport } from '../audit/audit-report.ts';
import { isLeft } from '../engine/fate.ts';
import { titleOf } from '../engine/messages.ts';
import { fieldPath } from '../patch/pointer.ts';
import type { WrittenFile } from './command-result.ts';
import { fingerprintsOf } from './formats/fingerprints.ts';

/** The command line's options for a baseline. */
export interface BaselineOptions {
  /** The file with the known findings. */
  readonly baseline?: string;
  /** Rewrite the file. */
  readonly updateBaseline?: boolean;
}

/** A report in which known findings are exempt, and the new baseline if requested. */
export interface Compared<Report extends ShownReport> {
  readonly report: Report;
  readonly files: readonly WrittenFile[];
}

interface BaselineEntry {
  readonly fingerprint: string;
  /** For human readers; not evaluated. */
  readonly finding: string;
}

/** The report without the findings in the baseline, or why the baseline cannot be read. */
export async function compared<Report extends ShownReport>(
  report: Report,
  { baseline, updateBaseline = false }: BaselineOptions,
): Promise<Compared<Report> | { readonly problem: string }> {
  if (baseline === undefined) return { report, files: [] };
  const fingerprints = fingerprintsOf(report);
  if (updateBaseline) {
    const entries = entriesOf(report, fingerprints);
    const known = new Set(entries.map(({ fingerprint }) => fingerprint));
    const text = JSON.stringify({ version: 1, findings: entries }, undefined, 2);
    return { report: withKnown(report, known, fingerprints, baseline), files: [{ file: baseline, text }] };
  }
  const known = await readBaseline(baseline);
  if (typeof known === 'string') return { problem: known };
  return { report: withKnown(report, known, fingerprints, baseline), files: [] };
}

/** Ordered by fingerprint, so that a new entry moves no others. */
function entriesOf({ subjects }: ShownReport, fingerprints: (finding: AuditFinding) => string): BaselineEntry[] {
  const entryOf = (finding: AuditFinding, { object }: ReportedSubject): BaselineEntry => ({
    fingerprint: fingerprints(finding),
    finding: `${finding.rule.id}: ${titleOf({ ...object, podPath: '' })} ${fieldPath(finding.objectPath)}`,
  });
  return subjects
    .flatMap((subject) => subject.findings.filter(isLeft).map((finding) => entryOf(finding, subject)))
    .toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** The fingerprints of a baseline, or why the file is invalid. */
async function readBaseline(file: string): Promise<ReadonlySet<string> | string> {
  try {
    const { version, findings } = JSON.parse(await readFile(file, 'utf8')) as Partial<Baseline>;
    if (version !== 1 || !Array.isArray(findings)) return `${file} is not a baseline; --update-baseline writes one`;
    return new Set(findings.map(({ fingerprint }) => fingerprint));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return `no such baseline: ${file}; --update-baseline writes it`;
    return `${file} cannot be read as a baseline: ${(error as Error).message}`;
  }
}

interface Baseline {
  readonly version: 1;
  readonly findings: readonly BaselineEntry[];
}

/**
 * Known findings are exempt by the baseline. The cluster's answer stays the same, because the cluster does not have the
 * baseline.
 */
function withKnown<Report extends ShownReport>(
  report: Report,
  known: ReadonlySet<string>,
  fingerprints: (finding: AuditFinding) => string,
  file: string,
): Report {
  const exemption = { name: 'baseline', rules: ['*'], match: {}, reason: 'known before', owner: file };
  const subjects = report.subjects.map((subject) => ({
    ...subject,
    findings: subject.findings.map((finding) =>
      isLeft(finding) && known.has(fingerprints(finding)) ? { ...finding, exemption } : finding,
    ),
  }));
  return { ...report, subjects };
}

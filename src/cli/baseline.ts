import { readFile } from 'node:fs/promises';
import type { AuditFinding, ReportedSubject } from '../audit/audit-report.ts';
import { isLeft } from '../engine/fate.ts';
import { titleOf } from '../engine/messages.ts';
import { fieldPath } from '../patch/pointer.ts';
import type { WrittenFile } from './command-result.ts';

/** The command line's options for a baseline. */
export interface BaselineOptions {
  /** The file with the known findings. */
  readonly baseline?: string;
  /** Rewrite the file. */
  readonly updateBaseline?: boolean;
}

/** The findings that are known, and those that become so. */
export interface Baseline {
  /** The subject, in which known findings are exempt. What the cluster would answer stays as it is: there is none in it. */
  compared<Subject extends ReportedSubject>(subject: Subject, fingerprints: readonly string[]): Subject;
  /** The baseline to write, if one is. */
  files(): WrittenFile[];
}

interface Entry {
  readonly fingerprint: string;
  /** How many further findings it stands for. More of them are new. */
  readonly more?: number;
  /** For human readers; not evaluated. */
  readonly finding: string;
}

/** The baseline that is asked for, if one is; or why it cannot be read. */
export async function openBaseline({
  baseline: file,
  updateBaseline = false,
}: BaselineOptions): Promise<Baseline | undefined | { readonly problem: string }> {
  if (file === undefined) return undefined;
  const known = updateBaseline ? undefined : await readBaseline(file);
  if (typeof known === 'string') return { problem: known };
  const exemption = { name: 'baseline', rules: ['*'], match: {}, reason: 'known before', owner: file };
  const entries: Entry[] = [];
  return {
    compared(subject, fingerprints) {
      const findings = subject.findings.map((finding, index) => {
        const fingerprint = fingerprints[index] ?? '';
        if (!isLeft(finding) || (known !== undefined && finding.more > (known.get(fingerprint) ?? -1))) return finding;
        if (known === undefined) entries.push(entryOf(finding, subject, fingerprint));
        return { ...finding, exemption };
      });
      return { ...subject, findings };
    },
    files: () => (known === undefined ? [{ file, text: textOf(entries) }] : []),
  };
}

/** Ordered by fingerprint, so that a new entry moves no others. */
function textOf(entries: readonly Entry[]): string {
  const findings = entries.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  return JSON.stringify({ version: 1, findings }, undefined, 2);
}

const entryOf = (
  { rule, objectPath, more }: AuditFinding,
  { object }: ReportedSubject,
  fingerprint: string,
): Entry => ({
  fingerprint,
  ...(more > 0 && { more }),
  finding: `${rule.id}: ${titleOf({ ...object, podPath: '' })} ${fieldPath(objectPath)}`,
});

/** The fingerprints of a baseline with the number of further findings, or why the file is invalid. */
async function readBaseline(file: string): Promise<ReadonlyMap<string, number> | string> {
  try {
    const { version, findings } = JSON.parse(await readFile(file, 'utf8')) as Partial<BaselineFile>;
    if (version !== 1 || !Array.isArray(findings)) return `${file} is not a baseline; --update-baseline writes one`;
    return new Map(findings.map(({ fingerprint, more = 0 }) => [fingerprint, more]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return `no such baseline: ${file}; --update-baseline writes it`;
    return `${file} cannot be read as a baseline: ${(error as Error).message}`;
  }
}

interface BaselineFile {
  readonly version: 1;
  readonly findings: readonly Entry[];
}

import type { AuditFinding, ReportedSubject } from '../audit/audit-report.ts';
import { counted } from '../engine/counted.ts';
import { isLeft } from '../engine/fate.ts';
import { titleOf } from '../engine/messages.ts';
import { readWhole } from '../files/read-whole.ts';
import { fieldPath } from '../patch/pointer.ts';
import type { WrittenFile } from './command-result.ts';

/** The command line's options for a baseline. */
export interface BaselineOptions {
  /** The file with the known findings. */
  readonly baseline?: string;
  /** Rewrite the file. */
  readonly updateBaseline?: boolean;
}

/** The findings that a file lists as known, and the ones that an update adds to it. */
export interface Baseline {
  /** The subject, with known findings exempt. Its verdict stays, because the cluster has no baseline. */
  compared<Subject extends ReportedSubject>(subject: Subject, fingerprints: readonly string[]): Subject;
  /** The file to write, if any. It keeps the known findings of subjects that were not checked. */
  update(checked: Checked): BaselineUpdate;
}

/** How much of the input was checked: some of it may have been skipped, or is unreadable. */
export type Checked = 'all' | 'not skipped' | 'readable';

/** The file to write, and why there is none. */
export interface BaselineUpdate {
  readonly files: readonly WrittenFile[];
  readonly lines: readonly string[];
}

interface Entry {
  readonly fingerprint: string;
  /** How many further findings it stands for. More of them are new. */
  readonly more?: number;
  /** For human readers; not evaluated. */
  readonly finding: string;
}

/** The baseline that the options name, if any, or the reason that it cannot be read. */
export async function openBaseline({
  baseline: file,
  updateBaseline = false,
}: BaselineOptions): Promise<Baseline | undefined | { readonly problem: string }> {
  if (file === undefined) return undefined;
  const earlier = await readBaseline(file);
  if (typeof earlier === 'string' && !updateBaseline) return { problem: earlier };
  const old = typeof earlier === 'string' ? [] : earlier;
  const known = updateBaseline ? undefined : new Map(old.map(({ fingerprint, more = 0 }) => [fingerprint, more]));
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
    update(checked) {
      if (known !== undefined) return { files: [], lines: [] };
      if (checked === 'readable') return { files: [], lines: [`${file} is unchanged: not all input was read`] };
      const found = new Set(entries.map(({ fingerprint }) => fingerprint));
      const kept = checked === 'all' ? [] : old.filter(({ fingerprint }) => !found.has(fingerprint));
      const note = `${file} keeps ${counted(kept.length, 'finding')} that may be in what was skipped`;
      return { files: [{ file, text: textOf([...entries, ...kept]), ...(kept.length > 0 && { note }) }], lines: [] };
    },
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

const maxBytes = 256 * 1024 * 1024;

/** The entries of a baseline, or why the file is invalid. */
async function readBaseline(file: string): Promise<readonly Entry[] | string> {
  const content = await readWhole(file, { maxBytes, shellPipes: true });
  if ('problem' in content)
    return content.isMissing
      ? `no such baseline: ${file}; --update-baseline writes it`
      : `${file} cannot be read as a baseline: ${content.problem}`;
  try {
    const { version, findings } = JSON.parse(content.bytes.toString()) as Partial<BaselineFile>;
    if (version !== 1 || !Array.isArray(findings)) return `${file} is not a baseline; --update-baseline writes one`;
    return findings;
  } catch (error) {
    return `${file} cannot be read as a baseline: ${(error as Error).message}`;
  }
}

interface BaselineFile {
  readonly version: 1;
  readonly findings: readonly Entry[];
}

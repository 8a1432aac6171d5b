import type { AuditedSubject } from '../audit/audit-report.ts';
import { readWhole } from '../files/read-whole.ts';
import { decoded, type EncodedText } from '../fix/encoded-text.ts';
import { type RepairedText, repairText } from '../fix/repair-text.ts';
import { standardInput } from '../manifests/manifest-files.ts';
import { problemLine } from './audit-messages.ts';
import { subjectTitle } from './formats/subject-title.ts';
import type { JudgedManifests } from './judge-manifests.ts';

/** A file with its repaired content. */
export interface RepairedFile {
  readonly file: string;
  readonly before: EncodedText;
  readonly repaired: RepairedText;
}

/** The results of repairing some files. */
export interface RepairedFiles {
  readonly files: readonly RepairedFile[];
  /** The subjects that were not repaired although there is a patch. */
  readonly leftAlone: ReadonlySet<AuditedSubject>;
  /** The reasons, one line each. */
  readonly problems: readonly string[];
}

/** Repairs evaluated subjects in the texts of their files, without writing any file. `given` is standard input. */
export async function repairFiles(
  subjects: readonly AuditedSubject[],
  unread: JudgedManifests['unread'],
  given: Buffer,
): Promise<RepairedFiles> {
  const broken = new Set(unread.map(({ file }) => file));
  const files: RepairedFile[] = [];
  const problems: string[] = [];
  const leftAlone = new Set<AuditedSubject>();
  const toRepair = subjects.filter(({ patch, manifest }) => patch.length > 0 && manifest !== undefined);
  for (const [file = '', own] of Map.groupBy(toRepair, ({ manifest }) => manifest?.file)) {
    const read = broken.has(file) ? { problem: 'it cannot be read completely' } : await readAgain(file, given);
    if ('problem' in read) {
      problems.push(problemLine({ file, message: `left alone: ${read.problem}` }));
      for (const subject of own) leftAlone.add(subject);
      continue;
    }
    const repaired = repairText(read.text, own);
    files.push({ file, before: read, repaired });
    for (const [subject, reason] of repaired.refused) {
      problems.push(`${subjectTitle(subject)}: left alone: ${reason}`);
      leftAlone.add(subject);
    }
  }
  return { files, leftAlone, problems };
}

async function readAgain(file: string, given: Buffer): Promise<EncodedText | { readonly problem: string }> {
  const content = file === standardInput ? { bytes: given } : await readWhole(file, { maxBytes: Infinity });
  if ('problem' in content) return { problem: `it cannot be read again: ${content.problem}` };
  return decoded(content.bytes) ?? { problem: 'it contains bytes that are not UTF-8 and would be lost' };
}

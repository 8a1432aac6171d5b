import type { AuditedSubject } from '../audit/audit-report.ts';
import { readWhole } from '../files/read-whole.ts';
import { decoded, type EncodedText } from '../fix/encoded-text.ts';
import { type RepairedText, repairText } from '../fix/repair-text.ts';
import { standardInput } from '../manifests/manifest-files.ts';
import { problemLine } from './audit-messages.ts';
import type { EvaluatedManifests } from './evaluate-manifests.ts';
import { subjectTitle } from './formats/subject-title.ts';

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

/** The known facts about the subjects to repair. */
interface Repairable {
  readonly subjects: readonly AuditedSubject[];
  /** Subjects that must not be repaired in their files, with the reasons. */
  readonly heldBack: ReadonlyMap<AuditedSubject, string>;
  readonly unread: EvaluatedManifests['unread'];
  /** Standard input. */
  readonly given: Buffer;
}

/** Repairs evaluated subjects in the texts of their files, without writing any file. */
export async function repairFiles({ subjects, heldBack, unread, given }: Repairable): Promise<RepairedFiles> {
  const broken = new Set(unread.map(({ file }) => file));
  const files: RepairedFile[] = [];
  const problems = [...heldBack].map(([subject, reason]) => `${subjectTitle(subject)}: left alone: ${reason}`);
  const leftAlone = new Set<AuditedSubject>(heldBack.keys());
  const toRepair = subjects.filter(
    (subject) => subject.patch.length > 0 && subject.manifest !== undefined && !heldBack.has(subject),
  );
  for (const [file = '', own] of Map.groupBy(toRepair, ({ manifest }) => manifest?.file)) {
    const read = broken.has(file) ? { problem: 'it cannot be read completely' } : await readAgain(file, given);
    if ('problem' in read) {
      problems.push(problemLine({ file, message: `left alone: ${read.problem}` }));
      for (const subject of own) leftAlone.add(subject);
      continue;
    }
    const repaired = repairText(read.text, own);
    files.push({ file, before: read, repaired });
    for (const [subject, reason] of repaired.rejected) {
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

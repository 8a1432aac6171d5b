import type { AuditedSubject, AuditFinding, ReportedSubject } from '../audit/audit-report.ts';
import { openSum } from '../audit/audit-sum.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { Baseline } from './baseline.ts';
import { type Fingerprints, openFingerprints } from './formats/fingerprints.ts';
import { type KeptSubject, keptSubject } from './formats/kept-subject.ts';
import { type AuditFormat, type ShownReport, wants } from './formats/presentation.ts';
import type { FindingRepair } from './formats/sarif-fixes.ts';
import { openText, type TextReport } from './formats/text.ts';
import type { TextStyle } from './formats/text-style.ts';
import type { OutputTarget } from './output-targets.ts';

/** Receives subjects as they are evaluated, and keeps the parts that the outputs need. */
export interface AuditCollector {
  /** Whether an output shows the repaired Pods. */
  readonly keepsPods: boolean;
  /** Adds a subject of a file, in the order of files. */
  take(subject: AuditedSubject): void;
  /** Adds a subject of a cluster, which is rolled up and small. */
  takeRolledUp(subject: ReportedSubject): void;
  /** Counts an object of an unknown kind that holds containers. */
  takeUnknown(object: KubernetesObject): void;
  report(skipped?: number): ShownReport;
  /** The text for a target of that format. */
  textOf(target: OutputTarget): TextReport | undefined;
}

interface CollectorChoices {
  readonly targets: readonly OutputTarget[];
  readonly baseline: Baseline | undefined;
  readonly styleOf: (target: OutputTarget) => TextStyle;
}

export async function openCollector({ targets, baseline, styleOf }: CollectorChoices): Promise<AuditCollector> {
  const isWanted = (formats: readonly AuditFormat[]): boolean => targets.some(({ format }) => formats.includes(format));
  const isListed = targets.some(({ format }) => format !== 'text');
  const texts = new Map(targets.filter(({ format }) => format === 'text').map((to) => [to, openText(styleOf(to))]));
  const parts = { pods: isWanted(wants.pods) || hasDiffs(targets, styleOf), words: isWanted(wants.words) };
  const marks = baseline !== undefined || isWanted(wants.fingerprints) ? openFingerprints() : noMarks;
  const repairs = isWanted(wants.repairs) ? await openRepairs() : undefined;
  const sum = openSum();
  const subjects: KeptSubject[] = [];
  const fingerprints = new Map<AuditFinding, string>();

  function takeAs<Subject extends ReportedSubject>(given: Subject, keep: (subject: Subject) => KeptSubject): void {
    const own = marks(given);
    const subject = baseline === undefined ? given : baseline.compared(given, own);
    sum.add(subject);
    for (const text of texts.values()) text.add(subject);
    if (!isListed) return;
    const kept = keep(subject);
    subjects.push(kept);
    for (const [index, finding] of kept.findings.entries()) fingerprints.set(finding, own[index] ?? '');
  }
  return {
    keepsPods: parts.pods,
    take: (given) =>
      takeAs(given, (subject) => {
        const kept = keptSubject(subject, parts);
        repairs?.add(subject, kept);
        return kept;
      }),
    takeRolledUp: (given) => takeAs(given, (subject) => subject),
    takeUnknown: sum.addUnknown,
    report: (skipped) => ({
      sum,
      subjects,
      fingerprints,
      repairs: repairs?.all() ?? new Map<AuditFinding, FindingRepair>(),
      ...(skipped !== undefined && { skipped }),
    }),
    textOf: (target) => texts.get(target),
  };
}

const noMarks: Fingerprints = () => [];

const hasDiffs = (targets: readonly OutputTarget[], styleOf: CollectorChoices['styleOf']): boolean =>
  targets.some((target) => target.format === 'text' && styleOf(target).diffOf !== undefined);

/** Computes repairs file by file, because they need the parsed file, which is dropped with the file. */
async function openRepairs() {
  const { repairsIn } = await import('./formats/sarif-fixes.ts');
  const repairs = new Map<AuditFinding, FindingRepair>();
  let file: string | undefined;
  let own: { readonly subject: AuditedSubject; readonly kept: KeptSubject }[] = [];
  function endFile(): void {
    const found =
      file === undefined
        ? undefined
        : repairsIn(
            file,
            own.map(({ subject }) => subject),
          );
    for (const { subject, kept } of own)
      for (const [index, finding] of subject.findings.entries()) {
        const [repair, shown] = [found?.get(finding), kept.findings[index]];
        if (repair !== undefined && shown !== undefined) repairs.set(shown, repair);
      }
    own = [];
  }
  return {
    add(subject: AuditedSubject, kept: KeptSubject): void {
      if (subject.manifest?.file !== file) endFile();
      file = subject.manifest?.file;
      own.push({ subject, kept });
    },
    all(): ReadonlyMap<AuditFinding, FindingRepair> {
      endFile();
      return repairs;
    },
  };
}

import type { AuditedSubject, AuditFinding } from '../../audit/audit-report.ts';
import { isLeft, projectedOutcomeOf } from '../../engine/fate.ts';
import { sentenceOf } from '../../engine/messages.ts';
import type { WantedFixes } from '../../fix/fixing-policy.ts';
import { problemLine } from '../audit-messages.ts';
import { hang, printable } from './layout.ts';

/** A remaining finding in a manifest, and whether its subject was repaired as far as requested. */
interface LeftFinding {
  readonly subject: AuditedSubject;
  readonly finding: AuditFinding;
  readonly isRepaired: boolean;
}

/** The column limit on standard error. */
const maxColumns = 100;

/** The findings that repairs leave. */
export interface Leftovers {
  readonly subjects: readonly AuditedSubject[];
  /** Subjects whose repairs could not be written. */
  readonly leftAlone: ReadonlySet<AuditedSubject>;
  /** The rules whose fixes admission makes. */
  readonly admitted: ReadonlySet<string>;
  readonly wanted: WantedFixes;
  /** The current number of a line in a file. */
  lineNow(file: string, line: number): number;
}

/** The remaining work, one line per finding, and the fixes that were not requested. */
export function leftLines({ subjects, leftAlone, admitted, wanted, lineNow }: Leftovers): string[] {
  const left = subjects.flatMap((subject) =>
    leftFindings(subject, isWritten(subject) && !leftAlone.has(subject), wanted),
  );
  const fixable = left.filter(({ finding, isRepaired }) => isRepaired && finding.fix !== undefined);
  const heldBack = wanted.unsafe
    ? []
    : fixable.filter(({ finding }) => admitted.has(finding.rule.id) && isRisky(finding));
  const switchedOff = fixable.filter(({ finding }) => !admitted.has(finding.rule.id));
  return [
    ...left.filter((each) => !heldBack.includes(each)).map((each) => lineOf(each, lineNow)),
    ...named(
      `Fixes that the policy disables; to make them, add --rule RULE${wanted.unsafe ? '' : ' --unsafe'}:`,
      switchedOff,
    ),
    ...named('Fixes that can change how an application behaves; to make them, add --unsafe:', heldBack),
  ];
}

const isRisky = ({ rule }: AuditFinding): boolean => rule.fix?.risk !== 'none';

/** Repairs of a Pod that is assembled from parts are never written. */
const isWritten = ({ parts }: AuditedSubject): boolean => parts === undefined;

function leftFindings(subject: AuditedSubject, isRepaired: boolean, { rules }: WantedFixes): LeftFinding[] {
  return subject.findings
    .filter((finding) => {
      const remains = isRepaired ? isLeft(finding) : finding.exemption === undefined;
      return remains && projectedOutcomeOf(finding) !== 'none' && (rules === undefined || rules.has(finding.rule.id));
    })
    .map((finding) => ({ subject, finding, isRepaired }));
}

/** `web.yaml:9:5: enforce: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)`. */
function lineOf({ subject, finding }: LeftFinding, lineNow: Leftovers['lineNow']): string {
  const file = subject.manifest?.file ?? '';
  const { position } = finding;
  const message = `${finding.mode}: ${printable(sentenceOf(finding))} (${finding.rule.id})`;
  return problemLine({ file, position: position && { ...position, line: lineNow(file, position.line) }, message });
}

function named(heading: string, some: readonly LeftFinding[]): string[] {
  return some.length === 0 ? [] : [heading, ...hang('  ', ruleCounts(some.map(({ finding }) => finding)), maxColumns)];
}

/** `pre-stop-sleep, run-as-non-root (2)`: rules with their number of findings. */
export function ruleCounts(findings: readonly Pick<AuditFinding, 'rule'>[]): string {
  return [...Map.groupBy(findings, ({ rule }) => rule.id)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, own]) => (own.length === 1 ? id : `${id} (${own.length})`))
    .join(', ');
}

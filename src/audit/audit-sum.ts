import { isExempt, isLeft, onlyRecords } from '../engine/fate.ts';
import { isAtLeast } from '../engine/policy.ts';
import type { Mode, Rule } from '../engine/rule.ts';
import { countOf } from '../engine/tally.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { openUnknownKinds, type UnknownKind } from '../manifests/unknown-kinds.ts';
import type { ReportedSubject } from './audit-report.ts';

/** The findings of all subjects in numbers. */
export interface AuditSummary {
  readonly subjects: number;
  readonly denied: number;
  readonly findings: { readonly enforce: number; readonly warn: number; readonly audit: number };
  readonly fixed: number;
  readonly exempt: number;
  readonly skipped?: number;
  /** The kinds that hold containers and were not evaluated. */
  readonly unknownKinds?: readonly UnknownKind[];
}

/** Totals of subjects as they are added; none of them is kept. */
export interface AuditSum {
  add(subject: ReportedSubject): void;
  /** Counts an object that holds containers and was not evaluated. */
  addUnknown(object: KubernetesObject): void;
  /** The kinds of those objects, the most frequent first. */
  unknownKinds(): UnknownKind[];
  summary(skipped?: number): AuditSummary;
  /** The number of subjects that the API server would fail to decode. */
  invalid(): number;
  /** Whether the policy only records, in every namespace. */
  onlyRecords(): boolean;
  /** The rule of the first finding that is left. */
  firstLeft(): Rule | undefined;
  /** Whether any remaining finding is at this mode or above. */
  reaches(failOn: Mode): boolean;
}

/** A sum of no subjects. */
export function openSum(): AuditSum {
  const counts = { subjects: 0, denied: 0, fixed: 0, exempt: 0 };
  const left: Record<Mode, number> = { enforce: 0, warn: 0, audit: 0, off: 0 };
  const unknown = openUnknownKinds();
  let invalid = 0;
  let acts = false;
  let firstLeft: Rule | undefined;
  return {
    add(subject) {
      const { findings, verdict, typeProblems } = subject;
      counts.subjects++;
      if (verdict === 'deny') counts.denied++;
      if (typeProblems.length > 0) invalid++;
      acts ||= !onlyRecords(subject);
      for (const finding of findings) {
        const count = countOf([finding]);
        if (finding.fixed) counts.fixed += count;
        else if (isExempt(finding)) counts.exempt += count;
        if (!isLeft(finding)) continue;
        left[finding.mode] += count;
        firstLeft ??= finding.rule;
      }
    },
    summary: (skipped) => ({
      subjects: counts.subjects,
      denied: counts.denied,
      findings: { enforce: left.enforce, warn: left.warn, audit: left.audit },
      fixed: counts.fixed,
      exempt: counts.exempt,
      ...(skipped !== undefined && { skipped }),
      ...(unknown.kinds().length > 0 && { unknownKinds: unknown.kinds() }),
    }),
    addUnknown: unknown.add,
    unknownKinds: unknown.kinds,
    invalid: () => invalid,
    onlyRecords: () => !acts,
    firstLeft: () => firstLeft,
    reaches: (failOn) => (Object.keys(left) as Mode[]).some((mode) => left[mode] > 0 && isAtLeast(mode, failOn)),
  };
}

import { type Exemption, holds } from '../../engine/exemption.ts';
import { dayMs } from '../../time-units.ts';
import { pathKeyOf } from '../audit-report.ts';
import type { ScannedSubject } from '../scanned-subject.ts';
import { outlookOf, type RuleOutlook } from './outlook.ts';
import type { PreviewedSubject } from './previewed-subject.ts';

/** How many days before its end an exemption is reported. */
export const soonDays = 30;

/** The effect of an exemption's end, past or future. */
export interface ExemptionEnd {
  readonly exemption: Exemption;
  /** The workloads that it affects. */
  readonly workloads: readonly {
    readonly subject: ScannedSubject;
    /** The workload's outcomes without the exemption. */
    readonly rules: readonly RuleOutlook[];
  }[];
}

/** Whether it still applies, but only for a few days. */
export const endsSoon = (exemption: Exemption, now: number): boolean =>
  holds(exemption, now) && !holds(exemption, now + soonDays * dayMs);

/** Whether it no longer applies. */
export const hasExpired = (exemption: Exemption, now: number): boolean => !holds(exemption, now);

/** The exemptions that end soon and whose end has an effect. */
export function endingExemptions(
  subjects: readonly PreviewedSubject[],
  exemptions: readonly Exemption[],
  now: number,
): ExemptionEnd[] {
  const ending = exemptions.filter((exemption) => endsSoon(exemption, now));
  return endsOf(
    ending,
    subjects.map(({ after, later }) => ({ held: after, bare: later })),
  );
}

/** The expired exemptions that would still have an effect. */
export function expiredExemptions(
  subjects: readonly PreviewedSubject[],
  exemptions: readonly Exemption[],
  now: number,
): ExemptionEnd[] {
  const expired = exemptions.filter((exemption) => hasExpired(exemption, now));
  return endsOf(
    expired,
    subjects.map(({ after, renewed }) => ({ held: renewed, bare: after })),
  );
}

/** A subject under policies with and without the exemptions. */
interface Pair {
  readonly held: ScannedSubject | undefined;
  readonly bare: ScannedSubject | undefined;
}

function endsOf(exemptions: readonly Exemption[], pairs: readonly Pair[]): ExemptionEnd[] {
  return exemptions.flatMap((exemption) => {
    const workloads = pairs.flatMap(({ held, bare }) => {
      if (held === undefined || bare === undefined) return [];
      const rules = uncovered(exemption, held, bare);
      return rules.length === 0 ? [] : [{ subject: bare, rules }];
    });
    return workloads.length === 0 ? [] : [{ exemption, workloads }];
  });
}

function uncovered({ name }: Exemption, held: ScannedSubject, bare: ScannedSubject): RuleOutlook[] {
  const covered = new Set(held.findings.filter(({ exemption }) => exemption?.name === name).map(pathKeyOf));
  const findings = bare.findings.filter(
    (finding) => covered.has(pathKeyOf(finding)) && finding.exemption === undefined,
  );
  return [...outlookOf({ ...bare, findings }).rules];
}

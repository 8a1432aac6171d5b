import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import type { Unreadable } from '../../cluster/scan/index.ts';
import { asksForRequester, type Exemption, holds } from '../../engine/exemption.ts';
import { isExempt, isLeft } from '../../engine/fate.ts';
import type { Policy } from '../../engine/policy.ts';
import type { RuleFailure } from '../../engine/round.ts';
import type { Mode, Rule, Severity } from '../../engine/rule.ts';
import { teamConfigMap } from '../../policy/grant.ts';

/** One scan in numbers. */
export interface ScanSummary {
  readonly subjects: number;
  readonly denied: number;
  readonly wouldStop: number;
  /** Remaining findings: neither fixed nor exempt. */
  readonly findings: readonly {
    readonly rule: string;
    readonly mode: Mode;
    readonly severity: Severity;
    readonly count: number;
  }[];
  /** Findings by the exemption that covers them; includes every unexpired exemption of the policy. */
  readonly exempt: ReadonlyMap<string, number>;
  /** Exemptions that cover no running workload; empty if not everything could be read. */
  readonly unused: readonly string[];
  readonly unreadable: readonly Unreadable[];
  /** Failed rules, without duplicates: bugs. */
  readonly failures: readonly RuleFailure[];
  readonly durationMs: number;
}

/** Counts subjects as they arrive, without keeping them. */
export interface ScanTally {
  add(subject: ScannedSubject): void;
  summary(end: Pick<ScanSummary, 'unreadable' | 'durationMs'> & { readonly now: number }): ScanSummary;
}

/** Exemptions of teams are counted together, because their number is not limited. They have no such names. */
const seriesOf = ({ name, isSelfService }: Exemption): string => (isSelfService ? `*/${teamConfigMap.name}` : name);

/** A tally of no subjects. */
export function openScanTally({ exemptions }: Pick<Policy, 'exemptions'>): ScanTally {
  const findings = new Map<string, ScanSummary['findings'][number]>();
  const covered = new Map<string, number>();
  const failures = new Map<Rule, RuleFailure>();
  const totals = { subjects: 0, denied: 0, wouldStop: 0 };
  return {
    add({ verdict, stopsAtRestart, findings: found, failures: broken }) {
      totals.subjects++;
      for (const failure of broken) failures.set(failure.rule, failure);
      totals.denied += Number(verdict === 'deny');
      totals.wouldStop += Number(stopsAtRestart);
      for (const finding of found) {
        const { rule, mode, exemption, more } = finding;
        if (exemption !== undefined && isExempt(finding))
          covered.set(seriesOf(exemption), (covered.get(seriesOf(exemption)) ?? 0) + 1 + more);
        if (!isLeft(finding)) continue;
        const key = `${rule.id} ${mode}`;
        const count = (findings.get(key)?.count ?? 0) + 1 + more;
        findings.set(key, { rule: rule.id, mode, severity: rule.severity, count });
      }
    },
    summary({ unreadable, durationMs, now }) {
      const current = exemptions.filter((exemption) => holds(exemption, now));
      const idle = current.filter((exemption) => !asksForRequester(exemption) && !covered.has(seriesOf(exemption)));
      return {
        ...totals,
        findings: [...findings.values()],
        exempt: new Map(current.map((exemption) => [seriesOf(exemption), covered.get(seriesOf(exemption)) ?? 0])),
        unused: unreadable.length > 0 ? [] : [...new Set(idle.map(seriesOf))],
        unreadable,
        failures: [...failures.values()],
        durationMs,
      };
    },
  };
}

/** The number of remaining findings by mode. */
export function byMode({ findings }: Pick<ScanSummary, 'findings'>): Record<'enforce' | 'warn' | 'audit', number> {
  const of = (wanted: Mode): number =>
    findings.reduce((sum, { mode, count }) => (mode === wanted ? sum + count : sum), 0);
  return { enforce: of('enforce'), warn: of('warn'), audit: of('audit') };
}

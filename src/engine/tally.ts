import type { Edit } from '../patch/edits.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import type { Fate } from './fate.ts';
import type { Finding, Risk, Rule } from './rule.ts';

/** A finding with its fate under the policy. */
export interface RuleFinding extends Finding, Omit<Fate, 'mayRepair'> {
  readonly rule: Rule;
  readonly risk: Risk;
  /** Its fix is enabled and can still take effect. */
  readonly repairable: boolean;
  /** How many further findings of the rule have the same fate and are not kept. */
  readonly more: number;
}

/** The edits for every repairable finding, including those that are not kept. */
export interface Repairs {
  readonly fixes: readonly (() => readonly Edit[])[];
  readonly rules: ReadonlySet<string>;
  /** There are more than `maxRepairs`, so none is made. */
  readonly areTooMany: boolean;
}

/** How many findings of one rule and fate are kept; the rest are counted. */
const maxKept = 20;
/** How many findings one patch may repair. A Pod that needs more is evaluated as it is. */
export const maxRepairs = 1_000;

/** The number of findings, including those that are not kept. */
export const countOf = (findings: readonly Pick<RuleFinding, 'more'>[]): number =>
  findings.reduce((sum, { more }) => sum + 1 + more, 0);

/** Collects the findings of one subject: keeps a bounded number and counts all. */
export interface Tally {
  add(rule: Rule, finding: Finding, fate: Fate): void;
  findings(): RuleFinding[];
  repairs(): Repairs;
}

/** Findings that are reported together. */
interface Group {
  readonly rule: Rule;
  readonly fate: Fate;
  readonly repairable: boolean;
  readonly kept: Finding[];
  count: number;
}

export function openTally(pod: PodSubject): Tally {
  const groups: Group[] = [];
  const fixes: (() => readonly Edit[])[] = [];
  const repaired = new Set<string>();
  let repairs = 0;

  /** The group of a rule and fate. Groups of one rule are adjacent, and there are few. */
  function groupOf(rule: Rule, fate: Fate, repairable: boolean): Group {
    for (let at = groups.length - 1; at >= 0; at--) {
      const group = groups[at] as Group;
      if (group.rule !== rule) break;
      if (group.fate === fate && group.repairable === repairable) return group;
    }
    const group: Group = { rule, fate, repairable, kept: [], count: 0 };
    groups.push(group);
    return group;
  }
  return {
    add(rule, finding, fate) {
      const { fix, manifestsOnly = false } = finding;
      const mayRepair = fate.mayRepair && !manifestsOnly;
      const repairable =
        mayRepair && fix !== undefined && (pod.isWhole || fix().every(({ path }) => pod.isEditable(path)));
      const group = groupOf(rule, fate, repairable);
      group.count++;
      if (group.kept.length < maxKept) group.kept.push(finding);
      if (!repairable) return;
      if (++repairs <= maxRepairs) fixes.push(fix);
      repaired.add(rule.id);
    },
    findings: () => groups.flatMap(findingsOf),
    repairs: () => ({ fixes, rules: repaired, areTooMany: repairs > maxRepairs }),
  };
}

function findingsOf({ rule, fate, repairable, kept, count }: Group): RuleFinding[] {
  const { mode, ownMode, restartMode, existing, recordedOnly, exemption } = fate;
  return kept.map(({ path, container, message, fault, fix, risk = rule.fix?.risk ?? 'none' }, index) => ({
    path,
    container,
    message,
    fault,
    fix,
    risk,
    rule,
    mode,
    ownMode,
    restartMode,
    existing,
    recordedOnly,
    exemption,
    repairable,
    more: index === maxKept - 1 ? count - maxKept : 0,
  }));
}

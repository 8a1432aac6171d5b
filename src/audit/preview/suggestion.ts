import type { Exemption } from '../../engine/exemption.ts';
import { changesBehavior } from '../../engine/fate.ts';
import { pathKeyOf } from '../audit-report.ts';
import type { ScannedFinding, ScannedSubject } from '../scanned-subject.ts';
import { workloadOutcomesOf } from './outlook.ts';
import type { PreviewedSubject } from './previewed-subject.ts';

/** A known exemption for an add-on that runs in the cluster without one. */
export interface Suggestion {
  readonly exemption: Exemption;
  readonly workloads: readonly { readonly subject: ScannedSubject; readonly rules: readonly string[] }[];
}

/** The add-on exemptions that would save workloads from a denial, a warning or a fix that can change their behavior. */
export function suggestionsFor(
  subjects: readonly PreviewedSubject[],
  addOns: readonly Exemption[],
  existing: readonly Exemption[],
): Suggestion[] {
  const taken = new Set([...existing, ...addOns].map(({ name }) => name));
  const known = new Set(existing.map(({ name }) => name));
  return addOns.flatMap((exemption) => {
    const workloads = subjects.flatMap(({ after, withAddOns }) => {
      const rules = sparedBy(exemption, withAddOns, after);
      return rules.length === 0 ? [] : [{ subject: after, rules }];
    });
    return workloads.length === 0
      ? []
      : [{ exemption: known.has(exemption.name) ? renamed(exemption, taken) : exemption, workloads }];
  });
}

/** The first name with a number that no other exemption has. */
function renamed(exemption: Exemption, taken: ReadonlySet<string>): Exemption {
  let number = 2;
  while (taken.has(`${exemption.name}-${number}`)) number++;
  return { ...exemption, name: `${exemption.name}-${number}` };
}

function sparedBy(exemption: Exemption, withAddOns: ScannedSubject, after: ScannedSubject): string[] {
  const covered = new Set(withAddOns.findings.filter((finding) => finding.exemption === exemption).map(pathKeyOf));
  const spared = after.findings.filter((finding) => covered.has(pathKeyOf(finding)) && isWorthSparing(finding, after));
  return [...new Set(spared.map(({ rule }) => rule.id))].toSorted();
}

const isWorthSparing = (finding: ScannedFinding, subject: ScannedSubject): boolean =>
  changesBehavior(finding) ||
  workloadOutcomesOf(finding, subject).some((outcome) => outcome !== 'fixed' && outcome !== 'exempt');

import { keyOf } from '../../engine/existing-findings.ts';
import { isLeft } from '../../engine/fate.ts';
import { type AuditedSubject, type AuditFinding, withoutFix } from '../audit-report.ts';
import type { ScannedFinding } from '../scanned-subject.ts';

/**
 * The place where a finding was seen, the most decisive last: the template of a managed object, a Pod that a controller
 * of Kubernetes recreates, any other running Pod, the template that an author wrote.
 */
export type Witness = 'managed' | 'restarted' | 'pod' | 'template';

interface Entry {
  finding: AuditFinding;
  witness: Witness;
  /** It is in the template of a managed object. */
  readonly isManaged: boolean;
  readonly inTemplate: boolean;
  pods: number;
}

/** The findings of one owner, from its templates and its Pods, without duplicates. */
export interface MergedFindings {
  add(audited: AuditedSubject, witness: Witness): void;
  all(): ScannedFinding[];
}

/**
 * Two findings are the same if rule, container and path agree, with names in place of indices. The author's template
 * decides, even if it says that the finding is fixed or exempt: a running Pod without the repair gets it when it is
 * recreated.
 */
export function openMergedFindings(): MergedFindings {
  const entries = new Map<string, Entry[]>();
  let last: { readonly audited: AuditedSubject; readonly findings: ReadonlyMap<string, AuditFinding> } | undefined;
  return {
    add(audited, witness) {
      const fromPod = witness === 'pod' || witness === 'restarted';
      // Pods that are alike share one evaluation.
      if (last?.audited !== audited) last = { audited, findings: keyed(audited) };
      for (const [key, found] of last.findings) {
        // A finding that is not in the owner's own template is located in the Pod.
        const finding = witness === 'template' ? found : { ...found, objectPath: found.path };
        const known = entries.get(key) ?? [];
        // Two templates of one object are two places to change.
        if (known.length === 0 || witness === 'template')
          known.push({
            finding,
            witness,
            isManaged: witness === 'managed',
            inTemplate: !fromPod,
            pods: Number(fromPod),
          });
        else if (fromPod) known.forEach((entry) => meet(entry, finding, witness));
        entries.set(key, known);
      }
    },
    all: () =>
      [...entries.values()].flat().map(({ finding, witness, isManaged, inTemplate, pods }) => ({
        ...withoutFix(finding),
        inTemplate,
        pods,
        ...(isManaged && witness === 'restarted' && { atRestartOnly: true }),
      })),
  };
}

/** Counts another Pod with the finding. */
function meet(entry: Entry, finding: AuditFinding, witness: Witness): void {
  entry.pods++;
  const isHidden = isLeft(entry.finding) && !isLeft(finding);
  const isBetter = entry.witness === 'managed' || (entry.witness === 'restarted' && witness === 'pod' && !isHidden);
  const isWorse = entry.witness !== 'template' && isLeft(finding) && !isLeft(entry.finding);
  if (isBetter || isWorse) Object.assign(entry, { finding, witness });
}

/** The findings by their identity; a second finding at the same place counts as a different one. */
function keyed({ findings, evaluation }: AuditedSubject): Map<string, AuditFinding> {
  const found = new Map<string, AuditFinding>();
  for (const finding of findings) {
    const key = keyOf(finding, evaluation.subject);
    let nth = 0;
    while (found.has(`${key} ${nth}`)) nth++;
    found.set(`${key} ${nth}`, finding);
  }
  return found;
}

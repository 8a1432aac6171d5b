import { keyOf } from '../engine/existing.ts';
import { isLeft } from '../engine/fate.ts';
import { type AuditedSubject, type AuditFinding } from './audit-report.ts';
import type { ScannedFinding } from './scanned-subject.ts';

/**
 * Where a finding is from, the best witness last: a template whose object something else manages, a Pod that runs, the
 * template that an author wrote.
 */
export type Witness = 'managed' | 'pod' | 'template';

interface Entry {
  finding: AuditFinding;
  witness: Witness;
  readonly inTemplate: boolean;
  pods: number;
}

/** The findings of one owner: those of its templates and of its Pods, each told once. */
export interface MergedFindings {
  add(audited: AuditedSubject, witness: Witness): void;
  all(): ScannedFinding[];
}

/**
 * Two findings are the same when rule, container and path agree, with names for indices. What the author's template says
 * of it holds, be it that it is fixed or exempt: a Pod that runs unrepaired is repaired when it is made anew.
 */
export function openMergedFindings(): MergedFindings {
  const entries = new Map<string, Entry[]>();
  let last: { readonly audited: AuditedSubject; readonly findings: ReadonlyMap<string, AuditFinding> } | undefined;
  return {
    add(audited, witness) {
      const fromPod = witness === 'pod';
      // Pods that are alike come with one judgement.
      if (last?.audited !== audited) last = { audited, findings: keyed(audited) };
      for (const [key, found] of last.findings) {
        // What is not in the owner's own template has its place in the Pod.
        const finding = witness === 'template' ? found : { ...found, objectPath: found.path };
        const known = entries.get(key) ?? [];
        // Two templates of one object are two places to change.
        if (known.length === 0 || witness === 'template')
          known.push({ finding, witness, inTemplate: !fromPod, pods: Number(fromPod) });
        else if (fromPod) known.forEach((entry) => meet(entry, finding));
        entries.set(key, known);
      }
    },
    all: () =>
      [...entries.values()].flat().map(({ finding, inTemplate, pods }) => Object.assign({ inTemplate, pods }, finding)),
  };
}

/** Another Pod has the finding. */
function meet(entry: Entry, finding: AuditFinding): void {
  entry.pods++;
  const isBetter = entry.witness === 'managed';
  const isWorse = entry.witness === 'pod' && isLeft(finding) && !isLeft(entry.finding);
  if (isBetter || isWorse) Object.assign(entry, { finding, witness: 'pod' });
}

/** The findings by what they are recognized by; the second at one place is another one. */
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

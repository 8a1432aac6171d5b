import type { AuditedSubject, AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { isComment } from '../../audit/comment-exemption.ts';
import type { Evaluation } from '../../engine/evaluate.ts';
import type { Policy } from '../../engine/policy.ts';

/** A subject after its evaluation, with the parts that outputs show. */
export interface KeptSubject extends ReportedSubject {
  /** The result of each rule, for formats that list rules without findings. */
  readonly evaluation?: Pick<Evaluation, 'isOff' | 'notApplicable'>;
  readonly policy?: Policy;
}

/** The parts that formats need besides findings and patches. */
export interface KeptParts {
  /** The repaired Pods, for diffs. */
  readonly pods: boolean;
  /** The result of each rule. */
  readonly words: boolean;
}

/**
 * A subject without the object, its place in the parsed text and the fixes. Strings are copied, because a piece of a text
 * keeps the whole text in memory.
 */
export function keptSubject(subject: AuditedSubject, { pods, words }: KeptParts): KeptSubject {
  const { object, podPath, manifest, position, mode, verdict, findings, typeProblems, patch, pod } = subject;
  const { apiVersion, kind, namespace, name } = object;
  return {
    object: copied({ apiVersion, kind, namespace, name }),
    podPath,
    manifest: manifest && { file: manifest.file },
    position,
    mode,
    verdict,
    findings: findings.map(keptFinding),
    typeProblems: copied(typeProblems),
    patch: patch.length === 0 ? patch : copied(patch),
    pod: pods && patch.length > 0 ? copied(pod) : {},
    ...(words && { evaluation: wordsOf(subject.evaluation), policy: subject.policy }),
  };
}

/** A finding without its fix, of strings that are copied. */
export function keptFinding({ rule, exemption, fix: _fix, fault: _fault, ...texts }: AuditFinding): AuditFinding {
  return {
    ...copied(texts),
    rule,
    exemption: exemption !== undefined && isComment(exemption) ? copied(exemption) : exemption,
  };
}

const wordsOf = ({ isOff, notApplicable }: Evaluation): Pick<Evaluation, 'isOff' | 'notApplicable'> => ({
  isOff,
  notApplicable,
});

/** Data of which no string is a piece of another one. */
export const copied = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data));

import type { AuditedSubject, AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { isComment } from '../../audit/comment-exemption.ts';
import type { Evaluation } from '../../engine/evaluate.ts';
import type { Policy } from '../../engine/policy.ts';

/** What is told of a subject after it has been judged. */
export interface KeptSubject extends ReportedSubject {
  /** Each rule's word on it, where a format tells of rules that found nothing. */
  readonly evaluation?: Pick<Evaluation, 'isOff' | 'notApplicable'>;
  readonly policy?: Policy;
}

/** What formats need besides findings and patches. */
export interface KeptParts {
  /** The Pods that are repaired, for diffs. */
  readonly pods: boolean;
  /** Each rule's word. */
  readonly words: boolean;
}

/**
 * A subject without what it was judged by: the object, its place in a parsed text and the fixes. A piece of a text keeps all
 * of it in memory, hence the copies.
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

function keptFinding({ rule, exemption, fix: _fix, fault: _fault, ...texts }: AuditFinding): AuditFinding {
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

const copied = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data));

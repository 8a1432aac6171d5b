import type { AuditedSubject, AuditFinding } from '../audit/audit-report.ts';
import { type Exemption, holds, namesRule, openCover } from '../engine/exemption.ts';

/** Explains the exemptions for findings of one rule: the one that applies, or why a similar one does not. */
export function exemptionLines(findings: readonly AuditFinding[], subject: AuditedSubject): string[] {
  return [...new Set(findings.flatMap((finding) => linesOf(finding, subject)))];
}

function linesOf(finding: AuditFinding, subject: AuditedSubject): string[] {
  if (finding.exemption !== undefined) return [heldText(finding.exemption)];
  return subject.policy.exemptions.flatMap((exemption) => missedText(exemption, finding, subject) ?? []);
}

/** `exempt by cni until 2027-03-31 (team-platform): programs the node's network`. */
function heldText({ name, expires, owner, reason }: Exemption): string {
  return `exempt by ${name}${expires === undefined ? '' : ` until ${expires}`} (${owner}): ${reason}`;
}

/** Why the exemption does not apply, if only its expiry or the requester prevents it. */
function missedText(
  exemption: Exemption,
  finding: AuditFinding,
  { evaluation, circumstances: { origin } }: AuditedSubject,
): string | undefined {
  const coveredEver = namesRule(exemption, finding.rule.id) && openCover([exemption], evaluation.subject, origin, true);
  if (!coveredEver || coveredEver([exemption], finding) === undefined) return undefined;
  const { name, owner, expires, match } = exemption;
  if (!holds(exemption, origin?.now)) return `${name} (${owner}) expired on ${expires}`;
  const fields = [...(match.users ? ['users'] : []), ...(match.groups ? ['groups'] : [])].join(' and ');
  return `${name} (${owner}) would cover it, but matches on ${fields}, which are known at admission only`;
}

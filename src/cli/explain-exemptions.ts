import type { AuditedSubject, AuditFinding } from '../audit/audit-report.ts';
import { covers, type Exemption, exemptionsFor, holds } from '../engine/exemption.ts';

/** What exemptions have to do with findings of one rule: which covers them, or why one does not that seems made for them. */
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

/** Why the exemption does not hold, if only time or the one who asks stand against it. */
function missedText(
  exemption: Exemption,
  finding: AuditFinding,
  { evaluation, circumstances: { origin } }: AuditedSubject,
): string | undefined {
  const { users, groups, ...match } = exemption.match;
  const rest = { ...exemption, match };
  const atAnyTime = origin && { ...origin, now: -Infinity };
  const [found] = exemptionsFor([rest], evaluation.subject, atAnyTime);
  if (found === undefined || !covers(found, finding.rule.id, finding, evaluation.subject)) return undefined;
  const { name, owner, expires } = exemption;
  if (!holds(exemption, origin?.now)) return `${name} (${owner}) expired on ${expires}`;
  const fields = [...(users ? ['users'] : []), ...(groups ? ['groups'] : [])].join(' and ');
  return `${name} (${owner}) would cover it, but goes by ${fields}: they match at admission only`;
}

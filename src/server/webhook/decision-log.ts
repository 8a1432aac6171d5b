import type { Logger } from 'pino';
import type { Decision } from '../../admission/decision.ts';
import { isExempt } from '../../engine/fate.ts';
import { shortened } from '../../engine/shortened.ts';
import { countOf } from '../../engine/tally.ts';

/** Long lines are not dropped; omitted entries are counted. */
const mostLogged = 100;
const longestText = 512;

/**
 * Logs one line per decision, with names but without values of the object, which may be secrets. Admitted objects
 * without findings are logged at debug level, and those that are only admitted because of their requester as warnings.
 */
export function logDecision(log: Logger, decision: Decision, seconds: number, policy: string): void {
  const { request, findings, failures, rejectedPatch } = decision;
  for (const { rule, error } of failures)
    log.error({ err: error, rule: rule.id, uid: request.uid }, 'a rule could not be evaluated; please report this');
  if (rejectedPatch !== undefined)
    log.error({ err: rejectedPatch, uid: request.uid }, 'withheld a patch that would not apply; please report this');
  const isPlain = decision.verdict === 'allow' && findings.length === 0 && !decision.note && !decision.wouldPatch;
  const level = isPlain ? 'debug' : findings.some(isAdmittedForRequester) ? 'warn' : 'info';
  if (!log.isLevelEnabled(level)) return;
  const left = countOf(findings) - Math.min(findings.length, mostLogged);
  log[level]({
    event: 'admission',
    uid: request.uid,
    webhook: decision.webhook,
    operation: request.operation,
    dryRun: request.dryRun,
    kind: request.kind.kind,
    namespace: request.namespace,
    name: shortened(decision.name, longestText),
    owner: decision.owner && shortened(decision.owner, longestText),
    user: shortened(request.userInfo.username, longestText),
    verdict: decision.verdict,
    findings: findings.slice(0, mostLogged).map(({ rule, mode, path }) => {
      return { rule: rule.id, mode, path: shortened(path, longestText) };
    }),
    findingsLeftOut: left > 0 ? left : undefined,
    fixed: fixedRulesOf(decision),
    exempt: exemptRules(findings),
    patchOperations: decision.patchOperations,
    wouldPatch: decision.wouldPatch,
    durationMs: Math.round(seconds * 1e6) / 1e3,
    policy,
    note: decision.note,
  });
}

/** Whether the finding would deny the object if an exemption did not cover the user or group. */
const isAdmittedForRequester = (finding: Decision['findings'][number]): boolean =>
  isExempt(finding) &&
  finding.mode === 'enforce' &&
  (finding.exemption?.match.users !== undefined || finding.exemption?.match.groups !== undefined);

/** The rules that fixed something, sorted. */
function fixedRulesOf({ fixedRules, findings }: Decision): readonly string[] {
  const fixed = findings.filter((finding) => finding.fixed);
  if (fixed.length === 0) return fixedRules;
  return [...new Set([...fixedRules, ...fixed.map(({ rule }) => rule.id)])].toSorted();
}

/** Without duplicate rules and exemptions. */
function exemptRules(
  findings: Decision['findings'],
): readonly { readonly rule: string; readonly exemption: string | undefined }[] {
  const exempt = findings.filter(isExempt);
  if (exempt.length === 0) return [];
  const pairs = new Map(
    exempt.map(({ rule, exemption }) => [
      `${rule.id} ${exemption?.name}`,
      { rule: rule.id, exemption: exemption?.name },
    ]),
  );
  return [...pairs.values()];
}

import type { Logger } from 'pino';
import type { Decision } from '../../admission/decision.ts';

/**
 * One line per decision, without anything of the object but names: its values may be secrets. What an allowed object
 * without findings is like interests only who debugs.
 */
export function logDecision(log: Logger, decision: Decision, seconds: number, policy: string): void {
  const { request, findings, fixedRules, failures, rejectedPatch } = decision;
  for (const { rule, error } of failures)
    log.error({ err: error, rule: rule.id, uid: request.uid }, 'a rule could not be evaluated; please report this');
  if (rejectedPatch !== undefined)
    log.error(
      { err: rejectedPatch, uid: request.uid },
      'a patch was not sent, for it would not apply; please report this',
    );
  const isPlain = decision.verdict === 'allow' && findings.length === 0 && !decision.note && !decision.wouldPatch;
  const level = isPlain ? 'debug' : 'info';
  if (!log.isLevelEnabled(level)) return;
  log[level]({
    event: 'admission',
    uid: request.uid,
    webhook: decision.webhook,
    operation: request.operation,
    dryRun: request.dryRun,
    kind: request.kind.kind,
    namespace: request.namespace,
    name: decision.name,
    owner: decision.owner,
    user: request.userInfo.username,
    verdict: decision.verdict,
    findings: findings.map(({ rule, mode, path }) => ({ rule: rule.id, mode, path })),
    fixed: [
      ...new Set([...fixedRules, ...findings.filter(({ fixed }) => fixed).map(({ rule }) => rule.id)]),
    ].toSorted(),
    exempt: findings.flatMap(({ rule, exemption, fixed }) =>
      exemption === undefined || fixed ? [] : [{ rule: rule.id, exemption: exemption.name }],
    ),
    patchOperations: decision.patchOperations,
    wouldPatch: decision.wouldPatch,
    durationMs: Math.round(seconds * 1e6) / 1e3,
    policy,
    note: decision.note,
  });
}

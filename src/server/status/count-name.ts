import type { Decision } from '../../admission/decision.ts';
import type { CountName } from '../../status/day-counts.ts';

/**
 * How the status counts a decision. Undefined for dry runs, and for a call of the mutating webhook that repairs
 * nothing, because the Pod is validated afterwards.
 */
export function countNameOf(
  decision: Pick<Decision, 'webhook' | 'request' | 'verdict' | 'patchOperations'>,
): CountName | undefined {
  const { webhook, request, verdict, patchOperations } = decision;
  if (request.dryRun) return undefined;
  if (verdict === 'deny') return 'denied';
  if (webhook === 'mutate.podwright.dev') return patchOperations > 0 ? 'repaired' : undefined;
  return verdict === 'audit_deny' ? 'wouldDeny' : 'allowed';
}

import type { Mode } from '../engine/rule.ts';
import { type Decision, type WebhookPath, webhookOf, withoutEvaluation } from './decision.ts';
import type { AdmissionRequest } from './review.ts';

/** Why a request could not be evaluated. */
export interface Obstacle {
  readonly code: 400 | 413 | 500 | 504;
  readonly message: string;
}

const reasons = { 400: 'BadRequest', 413: 'RequestEntityTooLarge', 500: 'InternalError', 504: 'Timeout' } as const;

/**
 * The verdict for a request that could not be evaluated: denied if the policy enforces any rule, otherwise admitted. An
 * HTTP error would leave the decision to the webhook's failure policy, and with `Ignore` to anyone who can provoke the
 * error.
 */
export function failedEvaluation(
  path: WebhookPath,
  request: AdmissionRequest,
  mode: Mode,
  obstacle: Obstacle,
): Decision {
  const { code, message } = obstacle;
  const allowed = mode !== 'enforce';
  const verdict = allowed ? 'audit_deny' : 'deny';
  const status = { code, reason: reasons[code], message };
  return {
    ...withoutEvaluation(request, webhookOf(path, request.kind)),
    response: { uid: request.uid, allowed, ...(allowed ? {} : { status }), auditAnnotations: { verdict } },
    verdict,
    note: message,
  };
}

/** Admits a Pod that could not be repaired; validation denies it if necessary. */
export function unrepaired(request: AdmissionRequest, { message }: Obstacle): Decision {
  return { ...withoutEvaluation(request, webhookOf('mutate', request.kind)), note: message };
}

/** A request of which only the uid is known. */
export function unknownRequest(uid: string): AdmissionRequest {
  return {
    uid,
    kind: { group: '', version: '', kind: '' },
    subResource: '',
    name: '',
    namespace: '',
    operation: '',
    userInfo: { username: '', groups: [] },
    dryRun: false,
  };
}

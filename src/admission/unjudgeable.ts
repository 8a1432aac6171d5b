import type { Mode } from '../engine/rule.ts';
import type { Decision, Webhook } from './decision.ts';
import type { AdmissionRequest } from './review.ts';

export type WebhookPath = 'mutate' | 'validate';

/** Why a request could not be judged. */
export interface Obstacle {
  readonly code: 400 | 413 | 500 | 504;
  readonly message: string;
}

const reasons = { 400: 'BadRequest', 413: 'RequestEntityTooLarge', 500: 'InternalError', 504: 'Timeout' } as const;

/**
 * The verdict on what could not be judged: refused where the policy enforces at all, else let through. An HTTP error
 * would leave it to the webhook's failure policy, and with `Ignore` to whoever can provoke the error.
 */
export function unjudgeable(path: WebhookPath, request: AdmissionRequest, mode: Mode, obstacle: Obstacle): Decision {
  const { code, message } = obstacle;
  const allowed = mode !== 'enforce';
  const verdict = allowed ? 'audit_deny' : 'deny';
  const status = { code, reason: reasons[code], message };
  return {
    ...withoutFindings(path, request, message),
    response: { uid: request.uid, allowed, ...(allowed ? {} : { status }), auditAnnotations: { verdict } },
    verdict,
  };
}

/** Lets a Pod pass that could not be repaired: what is to be refused, validation refuses. */
export function unrepaired(request: AdmissionRequest, { message }: Obstacle): Decision {
  return withoutFindings('mutate', request, message);
}

function withoutFindings(path: WebhookPath, request: AdmissionRequest, note: string): Decision {
  return {
    response: { uid: request.uid, allowed: true },
    webhook: webhookOf(path, request),
    request,
    verdict: 'allow',
    name: request.name,
    owner: undefined,
    source: request.kind.kind === 'Pod' ? 'pod' : 'template',
    findings: [],
    fixedRules: [],
    patchOperations: 0,
    failures: [],
    rejectedPatch: undefined,
    note,
  };
}

/** A request of which nothing is known but its uid. */
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

function webhookOf(path: WebhookPath, { kind }: AdmissionRequest): Webhook {
  if (path === 'mutate') return 'mutate.podwright.dev';
  return kind.kind === 'Pod' || kind.kind === '' ? 'pods.validate.podwright.dev' : 'workloads.validate.podwright.dev';
}

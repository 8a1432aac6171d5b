import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Decision } from '../../admission/decision.ts';
import {
  decidePolicyEdit,
  type PolicyEditWorld,
  policyEditOf,
  policyKey,
  uncheckedPolicyEdit,
} from '../../admission/policy-edit.ts';
import { type AdmissionRequest, reviewOf } from '../../admission/review.ts';
import { unknownRequest } from '../../admission/unjudgeable.ts';
import { version } from '../../version.ts';
import { type LoadPolicy, readPolicy } from '../policy/index.ts';
import { logDecision } from './decision-log.ts';
import { badRequest, overloaded } from './fixed-answers.ts';
import type { ReviewBody, ReviewContent } from './review-body.ts';
import type { WebhookDependencies } from './webhook-route.ts';

export interface PolicyRouteDependencies extends Pick<WebhookDependencies, 'world' | 'metrics' | 'log'> {
  readonly load: LoadPolicy;
}

/** The handler of `POST /validate-policy`, which checks edits of the ConfigMap that holds the policy. */
export function policyRoute(dependencies: PolicyRouteDependencies) {
  const { world, metrics, log } = dependencies;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const body = request.body as ReviewBody | undefined;
    if (body === undefined) return badRequest(reply, metrics);
    const { content, arrived, ticket } = body;
    try {
      if (content.kind === 'shed') return overloaded(reply, metrics);
      const { policy: inForce, now = Date.now() } = world.at('');
      const decision = await decisionOn(content, { inForce, now, version }, dependencies);
      if (decision === undefined) return badRequest(reply, metrics);
      reply.header('content-type', 'application/json').send(JSON.stringify(reviewOf(decision.response)));
      const seconds = (performance.now() - arrived) / 1000;
      metrics.recordDecision(decision, seconds);
      logDecision(log, decision, seconds, inForce.hash);
    } finally {
      ticket.close();
    }
  };
}

/** Undefined for a review without a uid, which cannot be answered. */
async function decisionOn(
  content: Exclude<ReviewContent, { kind: 'shed' }>,
  world: PolicyEditWorld,
  { load, log }: PolicyRouteDependencies,
): Promise<Decision | undefined> {
  if (content.kind === 'unreadable')
    return content.uid === undefined ? undefined : uncheckedPolicyEdit(unknownRequest(content.uid));
  const { request } = content;
  try {
    return await decided(request, world, load);
  } catch (error) {
    log.error({ err: error, uid: request.uid }, 'an edit of the policy could not be checked; please report this');
    return uncheckedPolicyEdit(request);
  }
}

async function decided(request: AdmissionRequest, world: PolicyEditWorld, load: LoadPolicy): Promise<Decision> {
  const edit = policyEditOf(request);
  if (edit.kind !== 'text') return decidePolicyEdit(request, edit, world);
  const reading = await readPolicy({ name: policyKey }, { text: edit.text }, load);
  return decidePolicyEdit(request, { kind: 'text', reading }, world);
}

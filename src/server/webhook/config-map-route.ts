import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Decision } from '../../admission/decision.ts';
import { unknownRequest } from '../../admission/failed-evaluation.ts';
import { type AdmissionRequest, reviewOf } from '../../admission/review.ts';
import { logDecision } from './decision-log.ts';
import { badRequest, overloaded } from './fixed-answers.ts';
import type { ReviewBody, ReviewContent } from './review-body.ts';
import type { WebhookDependencies } from './webhook-route.ts';

export type ConfigMapRouteDependencies = Pick<WebhookDependencies, 'world' | 'metrics' | 'log'>;

/** How the edits of one kind of ConfigMap are checked. */
export interface ConfigMapCheck {
  readonly decide: (request: AdmissionRequest) => Promise<Decision>;
  /** Admits an edit that could not be checked, because the check is a convenience: invalid content has no effect. */
  readonly unchecked: (request: AdmissionRequest) => Decision;
  /** The log message if the check fails. */
  readonly failure: string;
}

/** The handler of a webhook that checks edits of ConfigMaps. */
export function configMapRoute(check: ConfigMapCheck, { world, metrics, log }: ConfigMapRouteDependencies) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const body = request.body as ReviewBody | undefined;
    if (body === undefined) return badRequest(reply, metrics);
    const { content, arrived, ticket } = body;
    try {
      if (content.kind === 'shed') return overloaded(reply, metrics);
      const { hash } = world.at('').policy;
      const decision = await decisionOn(content, check, log);
      if (decision === undefined) return badRequest(reply, metrics);
      reply.header('content-type', 'application/json').send(JSON.stringify(reviewOf(decision.response)));
      const seconds = (performance.now() - arrived) / 1000;
      metrics.recordDecision(decision, seconds);
      logDecision(log, decision, seconds, hash);
    } finally {
      ticket.close();
    }
  };
}

/** Undefined for a review without a uid, which cannot be answered. */
async function decisionOn(
  content: Exclude<ReviewContent, { kind: 'shed' }>,
  { decide, unchecked, failure }: ConfigMapCheck,
  log: ConfigMapRouteDependencies['log'],
): Promise<Decision | undefined> {
  if (content.kind === 'unreadable')
    return content.uid === undefined ? undefined : unchecked(unknownRequest(content.uid));
  const { request } = content;
  try {
    return await decide(request);
  } catch (error) {
    log.error({ err: error, uid: request.uid }, failure);
    return unchecked(request);
  }
}

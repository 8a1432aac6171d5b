import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { decide as Decide, World } from '../admission/decide.ts';
import type { Decision } from '../admission/decision.ts';
import { reviewOf } from '../admission/review.ts';
import { logDecision } from './decision-log.ts';
import { badRequest, overloaded } from './fixed-answers.ts';
import type { Metrics } from './metrics.ts';
import type { ReviewBody, ReviewContent } from './review-body.ts';
import { unjudgeable, unknownRequest, type WebhookPath } from './unjudgeable.ts';

export interface WebhookDependencies {
  /** Pure and synchronous. */
  readonly decide: typeof Decide;
  /** Asked once per request, for a policy may be replaced at any time. */
  readonly world: () => World;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The handler of `POST /mutate` or `POST /validate`. */
export function webhookRoute(path: WebhookPath, dependencies: WebhookDependencies) {
  const { world, metrics, log } = dependencies;
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const body = request.body as ReviewBody | undefined;
    if (body === undefined) return badRequest(reply, metrics);
    try {
      const { content, arrived } = body;
      if (content.kind === 'shed') return overloaded(reply, metrics);
      const now = world();
      const decision = decisionOn(path, content, now, dependencies);
      if (decision === undefined) return badRequest(reply, metrics);
      reply.header('content-type', 'application/json').send(JSON.stringify(reviewOf(decision.response)));
      const seconds = (performance.now() - arrived) / 1000;
      metrics.recordDecision(decision, seconds);
      if (seconds > timeoutOf(request.query)) metrics.deadlineExceeded();
      logDecision(log, decision, seconds, now.policy.hash);
    } finally {
      body.ticket.close();
    }
  };
}

/** Undefined for what cannot be answered, as it has no uid. */
function decisionOn(
  path: WebhookPath,
  content: Exclude<ReviewContent, { kind: 'shed' }>,
  world: World,
  { decide, log }: WebhookDependencies,
): Decision | undefined {
  const { mode } = world.policy;
  if (content.kind === 'unreadable') {
    const { uid, code, problem } = content;
    if (uid === undefined) return undefined;
    return unjudgeable(path, unknownRequest(uid), mode, { code, message: `podwright cannot judge this: ${problem}` });
  }
  try {
    return decide(path, content.request, world);
  } catch (error) {
    log.error({ err: error, uid: content.request.uid, path }, 'a request could not be judged; please report this');
    const message = 'podwright could not judge this request; see its log';
    return unjudgeable(path, content.request, mode, { code: 500, message });
  }
}

/** The seconds that the API server still waits: `?timeout=5s`, rounded up to whole ones by it. */
function timeoutOf(query: unknown): number {
  const { timeout } = query as { readonly timeout?: unknown };
  const seconds = typeof timeout === 'string' ? /^(\d{1,4})s$/.exec(timeout)?.[1] : undefined;
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds);
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { decide as Decide } from '../../admission/decide.ts';
import type { Decision, WebhookPath } from '../../admission/decision.ts';
import { failedEvaluation, unknownRequest } from '../../admission/failed-evaluation.ts';
import { reviewOf } from '../../admission/review.ts';
import type { World } from '../../admission/world.ts';
import { OutOfTime } from '../../engine/circumstances.ts';
import { policyIn } from '../../engine/namespace-policy.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Metrics } from '../monitoring/index.ts';
import { logDecision } from './decision-log.ts';
import { badRequest, overloaded } from './fixed-answers.ts';
import type { ReviewBody, ReviewContent } from './review-body.ts';

/** The state that decisions depend on besides requests. */
export interface WebhookWorld {
  /** Called once per request, because the policy may be replaced at any time. */
  at(namespace: string): World;
  /** Resolves when the namespace is known or the time is up; undefined if there is nothing to wait for. */
  settled(
    namespace: string,
    wait: { readonly waitMs: number; readonly wantsLimits: boolean },
  ): Promise<void> | undefined;
}

/** How long to wait for a namespace that was just created. */
export const mostWaitMs = 250;
/** Time reserved for evaluating and answering, out of the API server's timeout. */
const reserveMs = 100;

export interface WebhookDependencies {
  /** Pure and synchronous. */
  readonly decide: typeof Decide;
  readonly world: WebhookWorld;
  readonly metrics: Metrics;
  /** Called with every decision that was answered, and the policy that it was made under. */
  readonly onDecision?: ((decision: Decision, policy: Policy) => void) | undefined;
  readonly log: Logger;
}

/** The handler of `POST /mutate` or `POST /validate`. */
export function webhookRoute(path: WebhookPath, dependencies: WebhookDependencies) {
  const { world, metrics } = dependencies;
  return (request: FastifyRequest, reply: FastifyReply): Promise<void> | void => {
    const body = request.body as ReviewBody | undefined;
    if (body === undefined) return badRequest(reply, metrics);
    const timeoutSeconds = timeoutOf(request.query);
    const waiting = waitFor(path, body, timeoutSeconds, world);
    if (waiting === undefined) return answer(path, body, timeoutSeconds, reply, dependencies);
    return waiting.then(() => answer(path, body, timeoutSeconds, reply, dependencies));
  };
}

function answer(
  path: WebhookPath,
  { content, arrived, ticket }: ReviewBody,
  timeoutSeconds: number,
  reply: FastifyReply,
  dependencies: WebhookDependencies,
): void {
  const { world, metrics, onDecision, log } = dependencies;
  try {
    if (content.kind === 'shed') return overloaded(reply, metrics);
    const now = {
      ...world.at(content.kind === 'review' ? content.request.namespace : ''),
      checkTime: timerUntil(arrived + timeoutSeconds * 1000 - reserveMs),
    };
    const decision = decisionOn(path, content, now, dependencies);
    if (decision === undefined) return badRequest(reply, metrics);
    reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(reviewOf(decision.response)));
    const seconds = (performance.now() - arrived) / 1000;
    metrics.recordDecision(decision, seconds);
    if (decision.isLate === true || seconds > timeoutSeconds) metrics.deadlineExceeded();
    logDecision(log, decision, seconds, now.policy.hash);
    onDecision?.(decision, now.policy);
  } finally {
    ticket.close();
  }
}

/** One `kubectl apply` creates a namespace and its objects within milliseconds, before a watch reports the namespace. */
function waitFor(
  path: WebhookPath,
  { content, arrived }: ReviewBody,
  timeoutSeconds: number,
  world: WebhookWorld,
): Promise<void> | undefined {
  if (content.kind !== 'review' || content.request.namespace === '') return undefined;
  const left = timeoutSeconds * 1000 - (performance.now() - arrived) - reserveMs;
  const waitMs = Math.min(mostWaitMs, left);
  if (waitMs <= 0) return undefined;
  const wantsLimits = path === 'validate' && content.request.kind.kind !== 'Pod';
  return world.settled(content.request.namespace, { waitMs, wantsLimits });
}

/** Undefined for a request that cannot be answered because it has no uid. */
function decisionOn(
  path: WebhookPath,
  content: Exclude<ReviewContent, { kind: 'shed' }>,
  world: World,
  { decide, log }: WebhookDependencies,
): Decision | undefined {
  if (content.kind === 'unreadable') {
    const { uid, code, problem } = content;
    if (uid === undefined) return undefined;
    return failedEvaluation(path, unknownRequest(uid), world.policy.mode, {
      code,
      message: `podwright cannot evaluate this: ${problem}`,
    });
  }
  try {
    return decide(path, content.request, world);
  } catch (error) {
    log.error({ err: error, uid: content.request.uid, path }, 'a request could not be evaluated; please report this');
    const message = 'podwright could not evaluate this request; see its log';
    const { mode } = policyIn(world.policy, { name: content.request.namespace, labels: world.namespaceLabels });
    return failedEvaluation(path, content.request, mode, { code: 500, message });
  }
}

/** Ends the evaluation in time for an answer, counting the time for which the request waited. */
function timerUntil(deadline: number): () => void {
  return () => {
    if (performance.now() > deadline) throw new OutOfTime();
  };
}

/** The API server's timeout in seconds: `?timeout=5s`, rounded up to whole seconds. */
function timeoutOf(query: unknown): number {
  const { timeout } = query as { readonly timeout?: unknown };
  const seconds = typeof timeout === 'string' ? /^(\d{1,4})s$/.exec(timeout)?.[1] : undefined;
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds);
}

import { shortened, wordsWithin } from '../engine/shortened.ts';
import { type Decision, type Webhook, withoutEvaluation } from './decision.ts';
import type { AdmissionRequest, AdmissionResponse } from './review.ts';

const maxProblems = 20;
const maxProblemLength = 300;
/** Longer than warnings about Pods, because there is only one; the API server may truncate longer ones. */
const maxWarningBytes = 240;

/** Denies an edit of a ConfigMap with its problems; `what` has them, and the last lines say what to do. */
export function deniedConfigMap(
  webhook: Webhook,
  request: AdmissionRequest,
  { problems, what, advice }: { problems: readonly string[]; what: (count: number) => string; advice: string[] },
): Decision {
  const [first = '', ...others] = problems
    .slice(0, maxProblems)
    .map((problem) => shortened(oneLine(problem), maxProblemLength));
  const left = problems.length - maxProblems;
  const message = [
    `ConfigMap ${request.namespace}/${request.name} is refused, because ${what(problems.length)}: ${first}`,
    ...others.map((problem) => `  ${problem}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
    ...advice,
  ].join('\n');
  const status = { code: 403, reason: 'Forbidden', message };
  return decision(webhook, request, 'deny', { allowed: false, status }, first);
}

/** Admits an edit of a ConfigMap, with a warning if there is news. */
export function admittedConfigMap(webhook: Webhook, request: AdmissionRequest, news?: string): Decision {
  const text = news && wordsWithin(`podwright: ${oneLine(news)}`, maxWarningBytes);
  return decision(webhook, request, 'allow', { allowed: true, ...(text && { warnings: [text] }) }, news);
}

const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

function decision(
  webhook: Webhook,
  request: AdmissionRequest,
  verdict: 'allow' | 'deny',
  response: Omit<AdmissionResponse, 'uid'>,
  note: string | undefined,
): Decision {
  return {
    ...withoutEvaluation(request, webhook),
    response: { uid: request.uid, auditAnnotations: { verdict }, ...response },
    verdict,
    note,
  };
}

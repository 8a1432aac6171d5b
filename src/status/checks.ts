import type { Status, WebhookStates } from './status.ts';
import type { WebhookState } from './webhook-state.ts';

/** Something that a person should know about an installation: a problem to solve, a risk, or a choice to be aware of. */
export interface StatusRemark {
  readonly level: 'problem' | 'warning' | 'note';
  readonly message: string;
}

const webhookOfPods = 'pods.validate.podwright.dev';
const oldMinutes = 5;

/** Checks whether the API server calls the webhooks, and admits objects if they do not answer. */
export function webhookChecks(
  webhooks: WebhookStates,
  status: Pick<Status, 'policy' | 'modes'> | undefined,
): StatusRemark[] {
  return [
    ...configurationChecks('mutating', webhooks.mutating, 'no Pod is repaired'),
    ...configurationChecks('validating', webhooks.validating, 'no Pod is validated'),
    ...(status === undefined ? [] : openChecks(webhooks.validating ?? [], status)),
  ];
}

function configurationChecks(
  kind: keyof WebhookStates,
  states: WebhookStates['mutating'],
  consequence: string,
): StatusRemark[] {
  const name = `the ${kind} webhook configuration podwright`;
  if (states === null) return [problem(`${name} is missing, so ${consequence}; ${restore}`)];
  return [
    ...(states.some(({ coversPods }) => coversPods)
      ? []
      : [problem(`${name} does not apply to new Pods, so ${consequence}; ${restore}`)]),
    ...states
      .filter(({ hasCaBundle }) => !hasCaBundle)
      .map((state) =>
        problem(`${state.name} has no CA bundle, so the API server cannot call it; the log of the leader shows why`),
      ),
  ];
}

const restore = 'restore it with helm upgrade, or kubectl apply';

/** Entries of the policy that enforce may be meant to fail open: the failure policy is the same for all namespaces. */
function openChecks(
  states: readonly WebhookState[],
  { policy, modes }: Pick<Status, 'policy' | 'modes'>,
): StatusRemark[] {
  const open = states.find(({ name, failurePolicy }) => name === webhookOfPods && failurePolicy === 'Ignore');
  if (open === undefined) return [];
  const consequence = 'Pods are admitted without validation while Podwright does not answer';
  if (policy.mode === 'enforce')
    return [
      warning(
        `${open.name} has failurePolicy Ignore although the mode is enforce, so ${consequence}; set mode, or webhooks.pods.failurePolicy, in the values of the chart`,
      ),
    ];
  const { enforce = 0 } = modes;
  const where = enforce === 1 ? '1 enforced namespace' : `${enforce} enforced namespaces`;
  return enforce === 0 ? [] : [note(`${open.name} has failurePolicy Ignore, so in ${where}, too, ${consequence}`)];
}

/** The time as in a status, and the minutes since the status was written. */
export interface CheckTime {
  readonly now: string;
  readonly minutes: number;
}

/** Checks the status that the leader has written. */
export function statusChecks({ replicas, policy, certificate }: Status, { now, minutes }: CheckTime): StatusRemark[] {
  return [
    ...(minutes >= oldMinutes
      ? [problem(`the status is ${minutes} minutes old, so there is no leader, or it cannot write it; see its log`)]
      : []),
    ...(policy.problems.length === 0 ? [] : [problem(invalidText(policy.problems))]),
    ...(certificate.expires <= now
      ? [problem(`the certificate expired at ${certificate.expires}, so the API server cannot call Podwright`)]
      : []),
    ...certificate.problems.map(problem),
    ...(replicas !== null && replicas.ready < replicas.desired
      ? [note(`${replicas.ready} of ${replicas.desired} replicas are ready`)]
      : []),
  ];
}

/** With the first problem; the rest are counted. */
export function invalidText([first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : `; and ${others.length} more`;
  return `the policy is invalid, so the last valid one stays in force: ${first}${more}`;
}

const problem = (message: string): StatusRemark => ({ level: 'problem', message });
const warning = (message: string): StatusRemark => ({ level: 'warning', message });
const note = (message: string): StatusRemark => ({ level: 'note', message });

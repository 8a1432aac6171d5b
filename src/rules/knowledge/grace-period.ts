import { fixedRules } from '../../engine/evaluate.ts';
import type { RuleContext } from '../../engine/rule.ts';
import { type Edit, raise } from '../../patch/edits.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import { minimumShutdown, sleepOf } from '../../subject/hook-sleep.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { hasRunnableHook } from './runnable-hook.ts';

/** The API server's default. */
const defaultGrace = 30;

/** The option of rules whose fixes raise the grace period. */
export const maxGracePeriod = {
  type: 'integer',
  default: 300,
  description: 'The longest grace period, in seconds, that the fix may set.',
} as const;

/** The grace period of a Pod, in seconds. */
export const graceOf = ({ spec }: PodSubject): number => spec.terminationGracePeriodSeconds ?? defaultGrace;

/**
 * Whether a fix may raise the grace period: the Pod comes from a controller, and its author did not set the grace
 * period. A value that a rule set in an earlier call, before another webhook added a container, may be raised
 * too.
 */
export function mayRaiseGrace(pod: PodSubject, context: RuleContext, shutdown: number): boolean {
  if (!context.isMadeByController(pod)) return false;
  if (!pod.hasChosenGrace) return true;
  const fixed = fixedRules(pod);
  const grace = graceOf(pod);
  const sleeps = pod.running.map(({ spec }) => sleepOf(spec.lifecycle?.preStop));
  return (
    (fixed.includes('pre-stop-sleep') && sleeps.some((sleep) => grace === defaultGrace + sleep)) ||
    (fixed.includes('grace-period-covers-pre-stop') && sleeps.some((sleep) => grace === Math.ceil(sleep + shutdown)))
  );
}

/** How long a container needs: its sleep and the minimum time after it. */
export function sleepNeedOf(container: ContainerView, shutdown: number, context: RuleContext) {
  // a hook that cannot run takes no time
  const sleep = hasRunnableHook(container, context) ? sleepOf(container.spec.lifecycle?.preStop) : 0;
  const injected = context.optionsOf<{ readonly seconds?: number }>('pre-stop-sleep').seconds;
  const isOurs = context.isOn('pre-stop-sleep') && sleep === injected;
  const remaining = isOurs ? minimumShutdown : shutdown;
  return { sleep, isOurs, need: sleep === 0 ? 0 : sleep + Math.max(remaining, minimumShutdown) };
}

/**
 * Whether a later call would take the grace period that its author chose for one that the fix for one of the sleeps set,
 * once these are added, and raise it, because another sleep needs more.
 */
export function looksRaised(
  pod: PodSubject,
  context: Pick<RuleContext, 'isMadeByController'>,
  { added, shutdown }: { readonly added: readonly { readonly seconds: number }[]; readonly shutdown: number },
): boolean {
  if (!pod.hasChosenGrace || !context.isMadeByController(pod)) return false;
  const grace = graceOf(pod);
  const sleeps = pod.running.map(({ spec }) => sleepOf(spec.lifecycle?.preStop)).filter(Number.isFinite);
  return (
    [...sleeps, ...added.map(({ seconds }) => seconds)].some((sleep) => grace === defaultGrace + sleep) &&
    sleeps.some((sleep) => sleep + Math.max(shutdown, minimumShutdown) > grace)
  );
}

/**
 * The grace period that an added sleep requires: it grows by the sleep if it may be raised that far, and otherwise must
 * leave the program at least `shutdown` seconds.
 */
export function graceForSleep(
  pod: PodSubject,
  sleep: {
    readonly seconds: number;
    readonly shutdown: number;
    readonly maxGracePeriod: number;
    readonly mayRaise: boolean;
  },
): { readonly wanted: number; readonly isCovered: boolean; readonly raises: readonly Edit[] } {
  const isRaised = sleep.mayRaise && sleep.seconds + defaultGrace <= sleep.maxGracePeriod;
  const wanted = sleep.seconds + (isRaised ? defaultGrace : sleep.shutdown);
  return {
    wanted,
    isCovered: isRaised || graceOf(pod) >= wanted,
    raises: isRaised ? [raise(pod.at('terminationGracePeriodSeconds'), wanted)] : [],
  };
}

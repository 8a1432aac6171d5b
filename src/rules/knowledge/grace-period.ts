import { fixedRules } from '../../engine/evaluate.ts';
import type { RuleContext } from '../../engine/rule.ts';
import { type Edit, raise } from '../../patch/edits.ts';
import { sleepOf } from '../../subject/hook-sleep.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

/** The API server's default. */
const defaultGrace = 30;
/** The minimum that the kubelet gives a container. */
export const minimumShutdown = 2;

/** The grace period of a Pod, in seconds. */
export const graceOf = ({ spec }: PodSubject): number => spec.terminationGracePeriodSeconds ?? defaultGrace;

/** The rules that raise the grace period. */
export interface GraceRules {
  /** Adds a sleep to the default. */
  readonly sleep: string;
  /** Adds `shutdown` to a sleep. */
  readonly cover: string;
}

/**
 * Whether a fix may raise the grace period: the Pod comes from a controller, and its author did not set the grace
 * period. A value that one of the rules set in an earlier call, before another webhook added a container, may be raised
 * too.
 */
export function mayRaiseGrace(
  pod: PodSubject,
  context: RuleContext,
  { rules, shutdown }: { readonly rules: GraceRules; readonly shutdown: number },
): boolean {
  if (!context.isMadeByController(pod)) return false;
  if (!pod.hasChosenGrace) return true;
  const fixed = fixedRules(pod);
  const grace = graceOf(pod);
  const sleeps = pod.running.map(({ spec }) => sleepOf(spec.lifecycle?.preStop));
  return (
    (fixed.includes(rules.sleep) && sleeps.some((sleep) => grace === defaultGrace + sleep)) ||
    (fixed.includes(rules.cover) && sleeps.some((sleep) => grace === Math.ceil(sleep + shutdown)))
  );
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

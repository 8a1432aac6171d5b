import { type Edit, raise } from '../patch/edits.ts';
import { sleepOf } from '../subject/hook-sleep.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { fixedAnnotation } from './evaluate.ts';
import type { RuleContext } from './rule.ts';

/** What the API server fills in. */
const defaultGrace = 30;
/** What the kubelet leaves a container in any case. */
export const minimumShutdown = 2;

/** The grace period of a Pod, in seconds. */
export const graceOf = ({ spec }: PodSubject): number => spec.terminationGracePeriodSeconds ?? defaultGrace;

/**
 * Whether a fix may raise the grace period: a controller makes the Pod, and nobody chose how long it has. One that fixes
 * raised in an earlier call, before another webhook added a container, is still theirs; `rules` are those that do.
 */
export function mayRaiseGrace(
  pod: PodSubject,
  context: RuleContext,
  { rules, shutdown }: { readonly rules: readonly string[]; readonly shutdown: number },
): boolean {
  if (!context.isMadeByController(pod)) return false;
  if (!pod.hasChosenGrace) return true;
  const fixed = (pod.metadata.annotations?.[fixedAnnotation] ?? '').split(',');
  if (!rules.some((rule) => fixed.includes(rule))) return false;
  const grace = graceOf(pod);
  const sleeps = pod.running.map(({ spec }) => sleepOf(spec.lifecycle?.preStop));
  return sleeps.some((sleep) => grace === defaultGrace + sleep || grace === Math.ceil(sleep + shutdown));
}

/**
 * What a sleep that a fix adds asks of the grace period: to grow by as much where it may be raised, else to leave the
 * program `shutdown` seconds as it is.
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
  const wanted = sleep.seconds + (sleep.mayRaise ? defaultGrace : sleep.shutdown);
  const isRaised = sleep.mayRaise && wanted <= sleep.maxGracePeriod;
  return {
    wanted,
    isCovered: isRaised || graceOf(pod) >= wanted,
    raises: isRaised ? [raise(pod.at('terminationGracePeriodSeconds'), wanted)] : [],
  };
}

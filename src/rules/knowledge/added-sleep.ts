import type { Risk, RuleContext } from '../../engine/rule.ts';
import type { Edit } from '../../patch/edits.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { areOpen, type EarlyStopper } from './early-stop.ts';
import { graceForSleep, looksRaised, mayRaiseGrace } from './grace-period.ts';
import { mayHaveSleep } from './runnable-hook.ts';

export interface AddedSleepOptions {
  readonly exec: boolean;
  readonly maxGracePeriod: number;
}

/** The sleeps that the containers of a Pod need, and whether a fix may add them. */
export interface AddedSleep {
  /** All or none, because a program may still need a partner that stops at once. */
  readonly mayFix: boolean;
  /** The grace period that they require, whether the Pod has it or gets it, and the edits that raise it. */
  readonly grace: { readonly wanted: number; readonly isCovered: boolean; readonly raises: readonly Edit[] };
  readonly risk: Risk;
  hookOf(seconds: number): object;
}

/** Whether and how sleeps can be added to the containers that stop too early. */
export function addedSleep(
  pod: PodSubject,
  stoppers: readonly EarlyStopper[],
  { exec, maxGracePeriod }: AddedSleepOptions,
  context: RuleContext,
): AddedSleep {
  const open = stoppers.filter(({ isChosen }) => !isChosen);
  const longest = open.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const { shutdown = 20 } = context.optionsOf<{ readonly shutdown?: number }>('grace-period-covers-pre-stop');
  const mayRaise = mayRaiseGrace(pod, context, shutdown);
  const grace = graceForSleep(pod, { seconds: longest, shutdown, maxGracePeriod, mayRaise });
  const isNative = context.supports(30);
  const mayRun = ({ container }: EarlyStopper): boolean => mayHaveSleep(container.spec.image ?? '', context);
  const canSleep = isNative || (exec && !pod.onWindows && open.every(mayRun));
  return {
    mayFix:
      grace.isCovered &&
      canSleep &&
      areOpen(stoppers, context) &&
      (mayRaise || !looksRaised(pod, context, { added: open, shutdown })),
    grace,
    // the kubelet sleeps, and the program only stops later
    risk: isNative ? 'none' : 'behavior',
    hookOf: (seconds) => (isNative ? { sleep: { seconds } } : { exec: { command: ['sleep', String(seconds)] } }),
  };
}

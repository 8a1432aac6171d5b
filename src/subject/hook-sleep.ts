import { programsOf } from './exec-command.ts';
import type { LifecycleHandler } from './pod-types.ts';

/** The seconds that the kubelet gives a container at least to stop after its hook. */
export const minimumShutdown = 2;

const secondsIn: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * The minimum sleep of a hook in seconds: the native `sleep`, or the sleeps in its command that always run (`sh -c
 * "sleep 10 && nginx -s quit"`). The other parts of the hook take an unknown time.
 */
export function sleepOf(hook: LifecycleHandler | undefined): number {
  if (hook?.sleep !== undefined) return Math.max(0, hook.sleep.seconds ?? 0);
  if (hook?.exec?.command === undefined) return 0;
  let seconds = 0;
  for (const { words, certain } of programsOf(hook.exec.command))
    if (certain && words[0] === 'sleep') for (const word of words.slice(1)) seconds += durationOf(word);
  return seconds;
}

/** How long a hook takes in seconds, if it does nothing but sleep. */
export function wholeSleepOf(hook: LifecycleHandler): number | undefined {
  if (hook.sleep !== undefined) return sleepOf(hook);
  const programs = programsOf(hook.exec?.command ?? []);
  const isOnlySleep = programs.length > 0 && programs.every(({ words, certain }) => certain && words[0] === 'sleep');
  return isOnlySleep ? sleepOf(hook) : undefined;
}

/** The seconds of an argument of `sleep`; 0 if it is invalid. */
function durationOf(word: string): number {
  if (/^inf(?:inity)?$/i.test(word)) return Number.POSITIVE_INFINITY;
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(word);
  return match === null ? 0 : Number(match[1]) * (secondsIn[match[2] ?? ''] ?? 1);
}

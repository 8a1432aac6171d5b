import { cpuUsage } from 'node:process';

/**
 * The processor time of a call in seconds, which other processes do not add to. For what takes milliseconds where it is
 * linear and minutes where it is quadratic, so that no machine is too slow.
 */
export function cpuSecondsOf(call: () => void): number {
  const before = cpuUsage();
  call();
  const { user, system } = cpuUsage(before);
  return (user + system) / 1e6;
}

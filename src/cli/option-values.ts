import { InvalidArgumentError } from 'commander';
import { secondsIn } from './output/duration-text.ts';

/** The minor version of `1.36`, `v1.36` or `1.36.3`. */
export function minorOf(version: string): number {
  const minor = /^v?1\.(\d{1,3})(\.\d+)?$/.exec(version)?.[1];
  if (minor === undefined) throw new InvalidArgumentError('It must be a version such as 1.36.');
  return Number(minor);
}

/** All values of a repeatable option. */
export const repeated = (value: string, earlier: readonly string[] | undefined): readonly string[] => [
  ...(earlier ?? []),
  value,
];

/** The name of a namespace. */
export function namespaceOf(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('It must be the name of a namespace.');
  return text;
}

/** The name of a ConfigMap. */
export function configMapOf(text: string): string {
  if (!/^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text))
    throw new InvalidArgumentError('It must be the name of a ConfigMap.');
  return text;
}

export function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return Number(text);
}

export function wholeSecondsOf(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of seconds.');
  return Number(text);
}

/** The seconds of a duration as in PromQL: `7d`, `1d12h`, `90s`. */
export function durationOf(text: string): number {
  const parts = [...text.matchAll(/(\d{1,6})([wdhms])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new InvalidArgumentError('It must be a duration such as 7d, 1d12h or 90s.');
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * secondsIn[unit as keyof typeof secondsIn], 0);
}

export function percentOf(text: string): number {
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError('It must be a percentage such as 20.');
  return Number(text);
}

export function percentileOf(text: string): number {
  const percentile = percentOf(text);
  if (percentile === 0 || percentile > 100) throw new InvalidArgumentError('It must be above 0 and at most 100.');
  return percentile;
}

export function booleanOf(text: string): boolean {
  if (['true', '1', 'yes'].includes(text)) return true;
  if (['false', '0', 'no', ''].includes(text)) return false;
  throw new InvalidArgumentError('It must be true or false.');
}

export function secondsOf(text: string): number {
  if (!/^\d{1,4}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number of seconds.');
  return Number(text);
}

export function wholeNumberOf(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function positiveOf(text: string): number {
  const count = wholeNumberOf(text);
  if (count === 0) throw new InvalidArgumentError('It must be at least 1.');
  return count;
}

/** The names in a repeatable option. */
export function namesOf(text: string, earlier: readonly string[] = []): string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...earlier, ...names.filter((name) => name !== '')];
}

import { InvalidArgumentError, Option } from 'commander';
import { modes } from '../engine/rule.ts';
import { secondsIn } from './output/duration-text.ts';
import type { PolicyOptions } from './policy-options.ts';

/** Options of all commands that evaluate objects, as commander returns them. */
export interface JudgingOptions extends PolicyOptions {
  readonly color: boolean;
}

export const policyOption = (): Option =>
  new Option('--policy <file>', 'policy file, or values of the chart (default: the built-in policy)');

export const kubernetesVersionOption = (byDefault = 'the newest known'): Option =>
  new Option('--kubernetes-version <version>', `Kubernetes version to check against (default: ${byDefault})`).argParser(
    minorOf,
  );

export const modeOption = (): Option =>
  new Option('--mode <mode>', "maximum mode of all rules, instead of the policy's own").choices(modes);

export const noFixesOption = (): Option => new Option('--no-fixes', 'turn all fixes off');

export const noColorOption = (): Option => new Option('--no-color', 'plain text (NO_COLOR does the same)');

export const fileOption = (): Option =>
  new Option('-f, --filename <path>', 'file, directory or - (repeatable)').argParser(repeated);

export const namespaceOption = (
  meaning = 'namespace of objects without one (default: default); with --cluster, the only namespace to check',
): Option => new Option('-n, --namespace <name>', meaning).argParser(namespaceOf);

export const contextOption = (): Option =>
  new Option('--context <name>', 'kubeconfig context (default: the current one)');

export const policyNamespaceOption = (): Option =>
  new Option(
    '--policy-namespace <name>',
    'namespace of the policy in force (default: the one that the webhooks call)',
  ).argParser(namespaceOf);

export const includeExcludedOption = (): Option =>
  new Option('--include-excluded', 'include namespaces that the webhooks exclude, such as kube-system');

export const diffOption = (): Option => new Option('--diff', 'show what fixes would change, as unified diffs');

/** The first format, text, is the default. */
export const outputOption = (...formats: string[]): Option =>
  new Option('-o, --output <format>', 'output format').choices(formats).default(formats[0]);

/** The minor version of `1.36`, `v1.36` or `1.36.3`. */
function minorOf(version: string): number {
  const minor = /^v?1\.(\d{1,3})(\.\d+)?$/.exec(version)?.[1];
  if (minor === undefined) throw new InvalidArgumentError('It must be a version such as 1.36.');
  return Number(minor);
}

const repeated = (value: string, earlier: readonly string[] | undefined): readonly string[] => [
  ...(earlier ?? []),
  value,
];

export const excludeOption = (): Option =>
  new Option('--exclude <glob>', 'skip matching files; syntax of .gitignore (repeatable)').argParser(repeated);

export const valuesOption = (): Option =>
  new Option('--values <file>', 'values file for Helm charts (repeatable)').argParser(repeated);

export const noConfigOption = (): Option =>
  new Option('--no-config', 'do not search for podwright.yaml or .podwright.yaml');

export const verboseOption = (): Option => new Option('--verbose', 'list skipped objects and the reason');

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

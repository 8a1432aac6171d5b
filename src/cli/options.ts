import { InvalidArgumentError, Option } from 'commander';
import { modes } from '../engine/rule.ts';
import type { PolicyOptions } from './policy-options.ts';

/** Options that every judging command has, as commander hands them over. */
export interface JudgingOptions extends PolicyOptions {
  readonly color: boolean;
}

export const policyOption = (): Option => new Option('--policy <file>', 'policy file (default: the built-in policy)');

export const kubernetesVersionOption = (byDefault = 'the newest known'): Option =>
  new Option('--kubernetes-version <version>', `Kubernetes version to judge for (default: ${byDefault})`).argParser(
    minorOf,
  );

export const modeOption = (): Option =>
  new Option('--mode <mode>', "ceiling over all rules, instead of the policy's own").choices(modes);

export const noFixesOption = (): Option => new Option('--no-fixes', 'judge as if no fix were enabled');

export const noColorOption = (): Option => new Option('--no-color', 'plain text (NO_COLOR does the same)');

export const fileOption = (): Option =>
  new Option('-f, --filename <path>', 'file, folder or - (may be repeated)').argParser(repeated);

export const namespaceOption = (
  meaning = 'namespace of objects that name none (default: default); of a cluster, the only one to judge',
): Option => new Option('-n, --namespace <name>', meaning);

export const contextOption = (): Option =>
  new Option('--context <name>', 'context of the kubeconfig (default: its current one)');

export const includeExcludedOption = (): Option =>
  new Option('--include-excluded', 'judge the namespaces as well that the webhooks do not see, such as kube-system');

export const diffOption = (): Option => new Option('--diff', 'show what fixes would change, as unified diffs');

/** Text first: the first format is the default. */
export const outputOption = (...formats: string[]): Option =>
  new Option('-o, --output <format>', 'output format').choices(formats).default(formats[0]);

/** The minor version of `1.36`, `v1.36` or `1.36.3`. */
function minorOf(version: string): number {
  const minor = /^v?1\.(\d{1,3})(\.\d+)?$/.exec(version)?.[1];
  if (minor === undefined) throw new InvalidArgumentError('It is a version such as 1.36.');
  return Number(minor);
}

const repeated = (value: string, earlier: readonly string[] | undefined): readonly string[] => [
  ...(earlier ?? []),
  value,
];

export const excludeOption = (): Option =>
  new Option('--exclude <glob>', 'leave out what matches, as in .gitignore (may be repeated)').argParser(repeated);

export const valuesOption = (): Option =>
  new Option('--values <file>', 'values for the charts that are found (may be repeated)').argParser(repeated);

export const noConfigOption = (): Option =>
  new Option('--no-config', 'do not look for podwright.yaml or .podwright.yaml here and above');

export const verboseOption = (): Option => new Option('--verbose', 'list what was skipped, and why');

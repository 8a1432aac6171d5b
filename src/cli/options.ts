import { Option } from 'commander';
import { modes } from '../engine/rule.ts';
import { minorOf, namespaceOf, repeated } from './option-values.ts';
import type { PolicyOptions } from './policy-options.ts';

/** Options of all commands that evaluate objects, as commander returns them. */
export interface EvaluationOptions extends PolicyOptions {
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

export const excludeOption = (): Option =>
  new Option('--exclude <glob>', 'skip matching files; syntax of .gitignore (repeatable)').argParser(repeated);

export const valuesOption = (): Option =>
  new Option('--values <file>', 'values file for Helm charts (repeatable)').argParser(repeated);

export const noConfigOption = (): Option =>
  new Option('--no-config', 'do not search for podwright.yaml or .podwright.yaml');

export const verboseOption = (): Option => new Option('--verbose', 'list skipped objects and the reason');

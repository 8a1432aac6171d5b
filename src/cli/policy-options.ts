import type { Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import { defaultPolicy } from '../policy/default-policy.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import { readPolicyText } from '../policy/policy-text.ts';
import { problemLines } from '../policy/problem-lines.ts';
import { rules } from '../rules/index.ts';

/** The command line's options for the policy. */
export interface PolicyOptions {
  readonly policy?: string;
  /** If false, no policy file is searched for. */
  readonly config?: boolean;
  readonly mode?: Mode;
  /** If false, all fixes are disabled. */
  readonly fixes?: boolean;
  /** The minor version; overrides the one in the policy. */
  readonly kubernetesVersion?: number;
  /** The namespace of objects that do not specify one. */
  readonly namespace?: string;
}

/** The policy of the command line, or every problem of its file, one line each. */
export async function policyOf(options: PolicyOptions): Promise<Policy | { readonly problems: readonly string[] }> {
  const policy = options.policy === undefined ? defaultPolicy(rules) : await readPolicyFile(options.policy);
  return 'problems' in policy ? policy : adjusted(policy, options);
}

/** The policy with the overrides of the command line. */
export function adjusted(policy: Policy, options: PolicyOptions): Policy {
  const withoutFixes = options.fixes === false;
  if (!withoutFixes && options.mode === undefined && options.kubernetesVersion === undefined) return policy;
  return {
    ...policy,
    mode: options.mode ?? policy.mode,
    fixes: policy.fixes && !withoutFixes,
    namespaces: withoutFixes ? policy.namespaces.map((entry) => ({ ...entry, fixes: false })) : policy.namespaces,
    kubernetesMinor: options.kubernetesVersion ?? policy.kubernetesMinor,
  };
}

/** The policy in a file, in a ConfigMap or in values of the chart, or every problem of it: `policy.yaml:4:3: rules: …`. */
export async function readPolicyFile(file: string): Promise<Policy | { readonly problems: readonly string[] }> {
  const content = await readPolicyText(file, { shellPipes: true });
  if ('text' in content) {
    const { loadCarriedPolicy } = await import('../policy/carried-policy.ts');
    return policyOrLines(await loadCarriedPolicy(content.text, rules), file);
  }
  const { isMissing, problem } = content;
  return { problems: [isMissing ? `no such policy file: ${file}` : `cannot read ${file}: ${problem}`] };
}

/** The policy in a text, or every problem of it; `source` names the origin of the text. */
export async function policyFrom(
  text: string,
  source: string,
): Promise<Policy | { readonly problems: readonly string[] }> {
  const { loadPolicy } = await import('../policy/load.ts');
  return policyOrLines(await loadPolicy(text, rules), source);
}

/** The loaded policy, or its problems as lines. */
export function policyOrLines(loaded: LoadedPolicy, source: string): Policy | { readonly problems: readonly string[] } {
  return 'policy' in loaded ? loaded.policy : { problems: problemLines(loaded.problems, source) };
}

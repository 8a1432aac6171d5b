import type { Policy } from '../engine/policy.ts';
import { carriesExemptions } from '../policy/carried-exemptions.ts';
import { loadCarriedPolicy } from '../policy/carried-policy.ts';
import { policyNotes } from '../policy/notes.ts';
import { readPolicyStream, readPolicyText } from '../policy/policy-text.ts';
import { rules } from '../rules/index.ts';
import { checkExemptions } from './check-exemptions.ts';
import { type CommandResult, shown } from './command-result.ts';
import { policyOrLines } from './policy-options.ts';
import { policySummary, sectionSummary } from './policy-summary.ts';

export interface CheckOptions {
  /** The file is a team's exemptions, and this is the policy. */
  readonly policy?: string;
  readonly namespace?: string;
}

/** Validates a policy, or a team's exemptions. The problems are the result, so they go to standard output. */
export async function checkPolicy(
  file: string,
  input: NodeJS.ReadableStream,
  { policy: against, namespace }: CheckOptions = {},
): Promise<CommandResult> {
  const name = file === '-' ? 'stdin' : file;
  const content = await contentOf(file, input);
  if ('problem' in content) return bad(content.problem);
  if (file === '-' && against === '-') return bad('only one of the two files can be standard input');
  if (against === undefined && namespace !== undefined) return bad('--namespace needs --policy');
  const [policyName, text] = [against ?? name, against === undefined ? content : await contentOf(against, input)];
  if ('problem' in text) return bad(text.problem);
  const policy = await carriedPolicy(text.text, policyName);
  if ('problems' in policy) return bad(...((await adviceFor(policyName, text.text)) ?? policy.problems));
  if (against !== undefined)
    return checkExemptions({ file: name, text: content.text, policy, namespace, now: Date.now() });
  const summary = [policySummary(policy), ...sectionSummary(policy, Date.now())].join('; ');
  return { ...shown(`${name} is valid: ${summary}`), messages: policyNotes(policy).map((note) => `note: ${note}`) };
}

/** Instead of the problems of a file that is a team's exemptions and not a policy. */
async function adviceFor(name: string, text: string): Promise<readonly string[] | undefined> {
  if (!(await carriesExemptions(text))) return undefined;
  return [
    `${name} has exemptions of a team and no policy; specify the policy that they must agree with: --policy FILE`,
  ];
}

const bad = (...problems: readonly string[]): CommandResult => ({
  output: problems.join('\n'),
  messages: [],
  exitCode: 2,
});

async function contentOf(
  file: string,
  input: NodeJS.ReadableStream,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  const content = await (file === '-' ? readPolicyStream(input) : readPolicyText(file, { shellPipes: true }));
  if ('text' in content) return content;
  const name = file === '-' ? 'stdin' : file;
  return { problem: content.isMissing ? `no such policy file: ${name}` : `cannot read ${name}: ${content.problem}` };
}

async function carriedPolicy(text: string, name: string): Promise<Policy | { readonly problems: readonly string[] }> {
  return policyOrLines(await loadCarriedPolicy(text, rules), name);
}

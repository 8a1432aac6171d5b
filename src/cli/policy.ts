import { Argument, Command, Option } from 'commander';
import { type Exemption, holds } from '../engine/exemption.ts';
import { isAtLeast, type Policy } from '../engine/policy.ts';
import { modes } from '../engine/rule.ts';
import { type CommandResult, finish, shown } from './command-result.ts';
import { withExamples } from './examples.ts';
import { counted } from './output/layout.ts';

/** `podwright policy`: `check` validates a file, `schema` prints the schema. */
export function policyCommand(): Command {
  const check = new Command('check')
    .description('validate a policy file; report every problem with line and column')
    .addArgument(new Argument('<path>', 'policy file, ConfigMap or chart values; - for standard input'))
    .addOption(new Option('--policy <file>', "check a team's exemptions against this policy"))
    .addOption(new Option('-n, --namespace <name>', 'namespace of these exemptions (default: that of their ConfigMap)'))
    .action(async (file: string, options: CheckOptions) => finish(await checkPolicy(file, process.stdin, options)));
  withExamples(check, [
    ['podwright policy check podwright.yaml', 'a policy file'],
    ['podwright policy check values.yaml', 'values of the chart'],
    ['helm template podwright charts/podwright | podwright policy check -', 'what an installation would get'],
    ['podwright policy check exemptions.yaml --policy podwright.yaml', 'the ConfigMap podwright-exemptions of a team'],
  ]);
  const schema = new Command('schema')
    .description("print the policy's JSON Schema")
    .action(async () => finish(await showSchema()));
  return new Command('policy').description('validate policy files').addCommand(check).addCommand(schema);
}

interface CheckOptions {
  /** The file is a team's exemptions, and this is the policy. */
  readonly policy?: string;
  readonly namespace?: string;
}

/** The problems are the result, so they go to standard output. */
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
  if (against !== undefined) {
    const { checkExemptions } = await import('./check-exemptions.ts');
    return checkExemptions({ file: name, text: content.text, policy, namespace, now: Date.now() });
  }
  const { policyNotes } = await import('../policy/notes.ts');
  const summary = [policySummary(policy), ...sectionSummary(policy, Date.now())].join('; ');
  return { ...shown(`${name} is valid: ${summary}`), messages: policyNotes(policy).map((note) => `note: ${note}`) };
}

/** Instead of the problems of a file that is a team's exemptions and not a policy. */
async function adviceFor(name: string, text: string): Promise<readonly string[] | undefined> {
  const { carriesExemptions } = await import('../policy/carried-exemptions.ts');
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
  const { readPolicyStream, readPolicyText } = await import('../policy/policy-text.ts');
  const content = await (file === '-' ? readPolicyStream(input) : readPolicyText(file, { shellPipes: true }));
  if ('text' in content) return content;
  const name = file === '-' ? 'stdin' : file;
  return { problem: content.isMissing ? `no such policy file: ${name}` : `cannot read ${name}: ${content.problem}` };
}

async function carriedPolicy(text: string, name: string): Promise<Policy | { readonly problems: readonly string[] }> {
  const { policyOrLines } = await import('./policy-options.ts');
  const { loadCarriedPolicy } = await import('../policy/carried-policy.ts');
  const { rules } = await import('../rules/index.ts');
  return policyOrLines(await loadCarriedPolicy(text, rules), name);
}

/** `mode enforce; 4 rules enforce, 3 warn, 2 audit, 1 off; 3 fixes on`. */
export function policySummary(policy: Policy): string {
  const counts = modes.toReversed().flatMap((mode) => {
    const count = policy.rules.filter((setting) => setting.mode === mode).length;
    return count === 0 ? [] : [`${count} ${mode}`];
  });
  const fixing = policy.rules.filter(({ rule, mode, fix }) => rule.fix && fix && isAtLeast(mode, 'warn')).length;
  const fixes = policy.fixes ? `${fixing} fixes on` : 'no fixes';
  return `mode ${policy.mode}; rules: ${counts.join(', ')}; ${fixes}`;
}

/** Exemptions that end within this time are reported. */
const soonMs = 30 * 24 * 60 * 60 * 1000;

/** `2 namespaces entries`, `3 exemptions, 1 expired: cni (2025-01-01)`, without empty sections. */
export function sectionSummary({ namespaces, exemptions, selfService, podTemplates }: Policy, now: number): string[] {
  const isPast = (exemption: Exemption): boolean => !holds(exemption, now);
  const isNear = (exemption: Exemption): boolean => !isPast(exemption) && !holds(exemption, now + soonMs);
  const named = (what: string, some: readonly Exemption[]): string[] =>
    some.length === 0 ? [] : [`${what}: ${some.map(({ name, expires }) => `${name} (${expires})`).join(', ')}`];
  const [past, near] = [exemptions.filter(isPast), exemptions.filter(isNear)];
  const parts = [
    counted(exemptions.length, 'exemption'),
    ...named(`${past.length} expired`, past),
    ...named(`${near.length} ${near.length === 1 ? 'ends' : 'end'} within 30 days`, near),
  ];
  return [
    ...(namespaces.length === 0
      ? []
      : [namespaces.length === 1 ? '1 namespaces entry' : `${namespaces.length} namespaces entries`]),
    ...(exemptions.length === 0 ? [] : [parts.join(', ')]),
    ...(selfService === undefined
      ? []
      : [`teams may exempt ${selfService.rules.join(', ')} for ${counted(selfService.maximumDays, 'day')}`]),
    ...(podTemplates.length === 0
      ? []
      : [`${counted(podTemplates.length, 'further kind')}: ${podTemplates.map(({ kind }) => kind).join(', ')}`]),
  ];
}

async function showSchema(): Promise<CommandResult> {
  const { policySchema } = await import('../policy/schema.ts');
  const { rules } = await import('../rules/index.ts');
  return shown(JSON.stringify(policySchema(rules), undefined, 2));
}

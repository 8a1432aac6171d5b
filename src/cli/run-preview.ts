import { previewOf, previewPolicies } from '../audit/preview/index.ts';
import { addOnExemptions } from '../policy/add-on-exemptions.ts';
import { failureLines } from './audit-messages.ts';
import { type ChoiceOptions, chosenPolicies, stopNote } from './chosen-policies.ts';
import { type PolicyNamespaceOption, policyInForce } from './cluster-policy.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { evaluateCluster, unreadableLines } from './evaluate-cluster.ts';
import { type ClusterOptions, openCluster } from './open-cluster.ts';
import type { Paint } from './output/paint.ts';
import { previewJson } from './output/preview-json.ts';
import { previewMarkdown } from './output/preview-markdown.ts';
import type { PreviewStyle } from './output/preview-style.ts';
import { previewText } from './output/preview-text.ts';
import { previewHtml } from './page/preview-page.ts';
import { readPolicyFile } from './policy-options.ts';
import { type PreviewUsageOptions, previewUsage, problemOfUsage } from './preview-usage.ts';
import type { ProgressLine } from './progress-line.ts';
import { readTeamGrants } from './team-grants.ts';

export interface PreviewOptions extends ChoiceOptions, PolicyNamespaceOption, ClusterOptions, PreviewUsageOptions {
  readonly namespace?: string;
  readonly kubernetesVersion?: number;
  readonly output: 'text' | 'json' | 'markdown' | 'html';
  readonly diff?: boolean;
  readonly views?: PreviewStyle['views'];
}

/** Evaluates the running workloads under the proposed policy and reports its effect. Changes nothing. */
export async function runPreview(
  options: PreviewOptions,
  paint: Paint,
  progress: ProgressLine,
): Promise<CommandResult> {
  const contradiction = problemOfUsage(options);
  if (contradiction !== undefined) return rejected(contradiction);
  const candidate = options.policy === undefined ? undefined : await readPolicyFile(options.policy);
  if (candidate !== undefined && 'problems' in candidate) return rejected(...candidate.problems);
  const cluster = await openCluster(options);
  if ('problem' in cluster) return rejected(cluster.problem);
  const inForce = await policyInForce(cluster.client, options);
  const choice = chosenPolicies(candidate, inForce, options);
  if ('problems' in choice) return rejected(...choice.problems);
  const { policy, before, written } = choice;
  const text = `${choice.text}${stopNote(policy)}`;
  const teams = await readTeamGrants(cluster, [policy, before], options);
  const question = {
    policy: teams.granted(policy),
    written,
    ...(before && { before: teams.granted(before) }),
    addOns: addOnExemptions,
    surroundings: cluster.surroundings,
  };
  const { policies, previewed } = previewPolicies(question);
  const opened = await previewUsage(options);
  if (opened !== undefined && 'problem' in opened) return rejected(opened.problem);
  const evaluated = await evaluateCluster(cluster, policies, options, progress, {
    pods: options.diff === true || showsPods.has(options.output),
    alongside: opened?.alongside,
  });
  if ('problems' in evaluated) return rejected(...evaluated.problems);
  const usage = opened?.known();
  if (usage !== undefined && 'problem' in usage) return rejected(usage.problem);
  const missing = unreadableLines([...evaluated.unreadable, ...teams.unreadable]);
  const style: PreviewStyle = {
    diff: options.diff === true,
    ceiling: choice.ceiling,
    written,
    policy: text,
    cluster: cluster.name,
    at: new Date(),
    missing,
    views: options.views,
    usage: usage?.measured,
  };
  const preview = previewOf(evaluated.subjects.map(previewed), question);
  const messages = [
    `policy: ${text}`,
    ...('problems' in inForce ? inForce.problems : []),
    ...teams.lines(policy),
    ...missing,
    ...(usage?.messages ?? []),
    ...failureLines(evaluated.subjects.flat()),
  ];
  return { output: formats[options.output](preview, style, paint), messages, exitCode: 0 };
}

/** The formats with the diffs of workloads. */
const showsPods: ReadonlySet<PreviewOptions['output']> = new Set(['html', 'markdown']);

const formats = { text: previewText, json: previewJson, markdown: previewMarkdown, html: previewHtml };

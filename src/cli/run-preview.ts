import { type PreviewQuestion, previewOf, previewPolicies, withCeiling } from '../audit/preview/index.ts';
import type { Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import { addOnExemptions } from '../policy/add-on-exemptions.ts';
import { failureLines } from './audit-messages.ts';
import { type PolicyInForce, type PolicyPlace, policyInForce } from './cluster-policy.ts';
import { type CommandResult, refused } from './command-result.ts';
import { judgeCluster, unreadableLines } from './judge-cluster.ts';
import { type ClusterOptions, openCluster } from './open-cluster.ts';
import type { Paint } from './output/paint.ts';
import { previewJson } from './output/preview-json.ts';
import { previewMarkdown } from './output/preview-markdown.ts';
import { type PreviewStyle, previewText } from './output/preview-text.ts';
import { previewHtml } from './page/preview-page.ts';
import { adjusted, type PolicyOptions, readPolicy } from './policy-options.ts';
import { type PreviewUsageOptions, previewUsage, problemOfUsage } from './preview-usage.ts';
import type { ProgressLine } from './progress-line.ts';
import { readTeamGrants } from './team-grants.ts';

export interface PreviewOptions extends PolicyOptions, PolicyPlace, ClusterOptions, PreviewUsageOptions {
  readonly namespace?: string;
  readonly kubernetesVersion?: number;
  /** The ceiling for Pods that controllers recreate. */
  readonly controllers?: Mode;
  readonly output: 'text' | 'json' | 'markdown' | 'html';
  readonly diff?: boolean;
  readonly views?: PreviewStyle['views'];
}

/** The policies of a preview. */
interface Chosen extends Pick<PreviewQuestion, 'policy' | 'written' | 'before'> {
  /** In words. */
  readonly text: string;
  /** The value for every `mode` ceiling. */
  readonly ceiling: Mode | undefined;
}

/** Evaluates the running workloads under the proposed policy and reports its effect. Changes nothing. */
export async function runPreview(
  options: PreviewOptions,
  paint: Paint,
  progress: ProgressLine,
): Promise<CommandResult> {
  const contradiction = problemOfUsage(options);
  if (contradiction !== undefined) return refused(contradiction);
  const candidate = options.policy === undefined ? undefined : await readPolicy(options.policy);
  if (candidate !== undefined && 'problems' in candidate) return refused(...candidate.problems);
  const cluster = await openCluster(options);
  if ('problem' in cluster) return refused(cluster.problem);
  const inForce = await policyInForce(cluster.client, options);
  const choice = chosenPolicies(candidate, inForce, options);
  if ('problems' in choice) return refused(...choice.problems);
  const { ceiling, ...chosen } = choice;
  const text = `${choice.text}${stopNote(choice.policy)}`;
  const { before } = chosen;
  const teams = await readTeamGrants(cluster, [chosen.policy, before], options);
  const question = {
    policy: teams.granted(chosen.policy),
    written: chosen.written,
    ...(before && { before: teams.granted(before) }),
    addOns: addOnExemptions,
    surroundings: cluster.surroundings,
  };
  const { policies, previewed } = previewPolicies(question);
  const opened = await previewUsage(options);
  if (opened !== undefined && 'problem' in opened) return refused(opened.problem);
  const judged = await judgeCluster(cluster, policies, options, progress, {
    pods: options.diff === true || showsPods.has(options.output),
    alongside: opened?.alongside,
  });
  if ('problems' in judged) return refused(...judged.problems);
  const usage = opened?.known();
  if (usage !== undefined && 'problem' in usage) return refused(usage.problem);
  const missing = unreadableLines([...judged.unreadable, ...teams.unreadable]);
  const style: PreviewStyle = {
    diff: options.diff === true,
    ceiling,
    written: chosen.written,
    policy: text,
    cluster: cluster.name,
    at: new Date(),
    missing,
    views: options.views,
    usage: usage?.measured,
  };
  const preview = previewOf(judged.subjects.map(previewed), question);
  const format = formats[options.output];
  const problems = 'problems' in inForce ? inForce.problems : [];
  const failures = failureLines(judged.subjects.flat());
  const messages = [
    `policy: ${text}`,
    ...problems,
    ...teams.lines(chosen.policy),
    ...missing,
    ...(usage?.messages ?? []),
    ...failures,
  ];
  return { output: format(preview, style, paint), messages, exitCode: 0 };
}

/** The formats with the diffs of workloads. */
const showsPods: ReadonlySet<PreviewOptions['output']> = new Set(['html', 'markdown']);

const formats = { text: previewText, json: previewJson, markdown: previewMarkdown, html: previewHtml };

/** A policy file can be previewed even if the policy in force is invalid, because it may be its repair. */
function chosenPolicies(
  candidate: Policy | undefined,
  inForce: PolicyInForce,
  options: PreviewOptions,
): Chosen | { readonly problems: readonly string[] } {
  const { mode, policy: file, kubernetesVersion } = options;
  if (candidate === undefined) {
    if ('problems' in inForce) return inForce;
    const asked = asAsked(inForce.policy, mode ?? 'enforce', options);
    return { ...asked, text: `${inForce.source}${asked.text}` };
  }
  const asked = asAsked(candidate, mode, options);
  if ('problems' in inForce) return { ...asked, text: `${file}${asked.text}, compared with nothing` };
  const before = adjusted(inForce.policy, kubernetesVersion === undefined ? {} : { kubernetesVersion });
  return { ...asked, before, text: `${file}${asked.text}, compared with ${inForce.source}` };
}

/** A policy with the preview's ceilings, and a description of them. */
function asAsked(written: Policy, ceiling: Mode | undefined, { controllers, ...options }: PreviewOptions): Chosen {
  const { mode: _, ...others } = options;
  const lifted = ceiling === undefined ? written : withCeiling(written, ceiling);
  const policy = { ...adjusted(lifted, others), controllers: controllers ?? written.controllers };
  return { policy, written, ceiling, text: asIfText(written, ceiling, controllers) };
}

/** The preview's ceilings in words: `, as if every mode ceiling were enforce`. */
function asIfText({ namespaces }: Policy, ceiling: Mode | undefined, controllers: Mode | undefined): string {
  const lifted = namespaces.some(({ mode }) => mode === 'off') ? 'mode ceiling that is not off' : 'mode ceiling';
  const parts = [
    ...(ceiling === undefined ? [] : [`every ${lifted} were ${ceiling}`]),
    ...(controllers === undefined ? [] : [`controllers were ${controllers}`]),
  ];
  return parts.length === 0 ? '' : `, as if ${parts.join(' and ')}`;
}

/** Why nothing is blocked on restart, if not for lack of findings. */
function stopNote({ mode, namespaces, controllers }: Policy): string {
  const enforces = [mode, ...namespaces.map((entry) => entry.mode)].includes('enforce');
  if (!enforces || controllers === 'enforce') return '';
  return `; nothing stops while controllers is ${controllers} (--controllers enforce shows what would)`;
}

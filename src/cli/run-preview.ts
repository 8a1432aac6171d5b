import { previewOf, withCeiling } from '../audit/preview.ts';
import type { Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import { addOnExemptions } from '../policy/add-on-exemptions.ts';
import { policyInForce, type SourcedPolicy } from './cluster-policy.ts';
import { type CommandResult, refused } from './command-result.ts';
import { judgeCluster, unreadableLines } from './judge-cluster.ts';
import { type ClusterOptions, openCluster } from './open-cluster.ts';
import type { Paint } from './output/paint.ts';
import { previewHtml } from './output/preview-html.ts';
import { previewJson } from './output/preview-json.ts';
import { type PreviewStyle, previewText } from './output/preview-text.ts';
import { adjusted, type PolicyOptions, readPolicy } from './policy-options.ts';
import type { ProgressLine } from './progress-line.ts';

export interface PreviewOptions extends PolicyOptions, ClusterOptions {
  readonly namespace?: string;
  readonly kubernetesVersion?: number;
  readonly output: 'text' | 'json' | 'html';
  readonly diff?: boolean;
}

/** The policy that is previewed, and the one that it is compared with. */
interface Question {
  readonly after: Policy;
  readonly before: Policy | undefined;
  /** Which policies these are, in words. */
  readonly text: string;
  /** The mode for namespaces where enforcing, if that is the question, would stand in the way. */
  readonly elsewhere: Mode | undefined;
}

/** Judges what runs under the policy that might come, and tells what it would do. Changes nothing. */
export async function runPreview(
  options: PreviewOptions,
  paint: Paint,
  progress: ProgressLine,
): Promise<CommandResult> {
  const candidate = options.policy === undefined ? undefined : await readPolicy(options.policy);
  if (candidate !== undefined && 'problems' in candidate) return refused(...candidate.problems);
  const cluster = await openCluster(options);
  if ('problem' in cluster) return refused(cluster.problem);
  const inForce = await policyInForce(cluster.client);
  if ('problems' in inForce) return refused(...inForce.problems);
  const { after, before, text, elsewhere } = questionOf(candidate, inForce, options);
  const withAddOns = { ...after, exemptions: [...after.exemptions, ...addOnExemptions] };
  const policies = [after, withAddOns, ...(before === undefined ? [] : [before])];
  const judged = await judgeCluster(cluster, policies, options, progress);
  if ('problem' in judged) return refused(judged.problem);
  const subjects = judged.subjects.flatMap(([after, withAddOns, before]) =>
    after === undefined || withAddOns === undefined ? [] : [{ after, withAddOns, before }],
  );
  const missing = unreadableLines(judged);
  const style: PreviewStyle = { diff: options.diff === true, elsewhere, policy: text, missing };
  const preview = previewOf(subjects, after, addOnExemptions);
  const format = { text: previewText, json: previewJson, html: previewHtml }[options.output];
  return { output: format(preview, style, paint), messages: [`policy: ${text}`, ...missing], exitCode: 0 };
}

function questionOf(candidate: Policy | undefined, inForce: SourcedPolicy, options: PreviewOptions): Question {
  const { mode, policy: file, ...others } = options;
  const raised = (policy: Policy, ceiling: Mode | undefined): Policy =>
    adjusted(ceiling === undefined ? policy : withCeiling(policy, ceiling), others);
  if (candidate === undefined) {
    const ceiling = mode ?? 'enforce';
    const after = raised(inForce.policy, ceiling);
    return {
      after,
      before: undefined,
      text: `${inForce.source}, as if every mode ceiling were ${ceiling}${stopNote(after)}`,
      elsewhere: otherMode(inForce.policy, ceiling),
    };
  }
  const { kubernetesVersion } = options;
  const before = adjusted(inForce.policy, kubernetesVersion === undefined ? {} : { kubernetesVersion });
  const ceiling = mode === undefined ? '' : `, as if every mode ceiling were ${mode}`;
  const after = raised(candidate, mode);
  const text = `${file}${ceiling}, compared with ${inForce.source}${stopNote(after)}`;
  return { after, before, text, elsewhere: otherMode(candidate, mode) };
}

/** Why nothing stops, where that is not for want of findings. */
function stopNote({ mode, controllers }: Policy): string {
  return mode === 'enforce' && controllers !== 'enforce' ? `; nothing stops while controllers is ${controllers}` : '';
}

/** What the policy has already for all namespaces, as long as that is not to enforce. */
function otherMode(policy: Policy, ceiling: Mode | undefined): Mode | undefined {
  if (ceiling !== 'enforce') return undefined;
  return policy.mode === 'enforce' ? 'audit' : policy.mode;
}

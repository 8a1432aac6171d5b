import { type AuditedSubject, auditObjects } from '../audit/audit-report.ts';
import { gatherSurroundings } from '../audit/surroundings.ts';
import { newestMinor } from '../engine/plan.ts';
import type { Policy } from '../engine/policy.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { ManifestSource } from '../manifests/manifest-files.ts';
import { type OpenedSources, openSources, type ReadOptions } from '../manifests/read-sources.ts';
import { problemLine } from './audit-messages.ts';
import type { ChangedSources } from './changed-sources.ts';
import { type BeforeAndAfter, gatheredSurroundings, newlyFoundIn } from './changed-surroundings.ts';
import { type EvaluationRemarks, openRemarks } from './evaluation-remarks.ts';
import { policyFileOf } from './find-policy-file.ts';
import { type PolicyOptions, policyOf } from './policy-options.ts';

/** The result of evaluating files, apart from their subjects. */
export interface EvaluatedManifests extends EvaluationRemarks {
  readonly policy: Policy;
  /** The policy's file, or that it is built in. */
  readonly policySource: string;
  /** Whether any source was evaluated as such, and how many other subjects were. */
  readonly because: { readonly changed: boolean; readonly near: number };
}

/** The input and the policy. */
interface EvaluationChoices {
  readonly isWanted?: (source: ManifestSource) => Promise<boolean>;
  /** Only evaluate changed sources, and what their objects change for others. */
  readonly changed?: ChangedSources | undefined;
  /** Replaces the policy that was chosen. */
  readonly policyFrom?: (chosen: Policy) => Policy;
  /** List what was skipped. */
  readonly verbose?: boolean | undefined;
  /** Takes each object that holds containers and is of an unknown kind. */
  readonly takeUnknown?: (object: KubernetesObject) => void;
}

/**
 * Reads and evaluates as much as possible, regardless of problems in the rest; fails if there is no valid policy.
 * Each subject is handed over as soon as it is evaluated, and nothing of it is kept here. Files that are not wanted count for
 * the others: a Namespace or a LimitRange may stand in any of them, so those are gathered first.
 */
export async function evaluateManifests(
  paths: readonly string[],
  options: PolicyOptions & ReadOptions,
  input: () => NodeJS.ReadableStream,
  take: (subject: AuditedSubject) => void,
  choices: EvaluationChoices = {},
): Promise<EvaluatedManifests | { readonly rejections: readonly string[] }> {
  const { file: policyFile, passedOver } = await policyFileOf(options);
  const chosen = await policyOf({ ...options, ...(policyFile !== undefined && { policy: policyFile }) });
  if ('problems' in chosen) return { rejections: chosen.problems };
  const policy = choices.policyFrom?.(chosen) ?? chosen;
  const { kubernetesMinor: minor } = policy;
  const reading = { ...options, ...(minor !== undefined && { kubernetesVersion: minor }) };
  const sources = await openSources(paths, input, reading);
  if (!('parts' in sources)) return { rejections: sources.missing.map(problemLine) };
  const known = { minor: newestMinor, now: Date.now(), defaultNamespace: options.namespace ?? 'default' };
  const surroundings = await gatheredSurroundings(sources, () => gatherSurroundings(known), choices.changed);
  const remarks = await evaluateSources(sources, policy, surroundings, take, choices);
  const isFound = policyFile !== undefined && options.policy === undefined;
  const found = [
    ...passedOver.map((file) => `${file} is not a policy: it has no apiVersion: podwright.dev/…`),
    ...(isFound ? [`using policy ${policyFile} (--no-config ignores it)`] : []),
  ];
  return {
    ...remarks,
    policy,
    policySource: policyFile ?? 'the built-in one',
    messages: [...found, ...remarks.messages],
  };
}

async function evaluateSources(
  sources: OpenedSources,
  policy: Policy,
  { after, before }: BeforeAndAfter,
  take: (subject: AuditedSubject) => void,
  { changed, isWanted: isChosen = changed?.isChanged, verbose = false, takeUnknown }: EvaluationChoices,
): Promise<EvaluationRemarks & Pick<EvaluatedManifests, 'because'>> {
  const remarks = openRemarks(policy, after.defaultNamespace, verbose);
  let isAnyChanged = isChosen === undefined;
  async function isWanted(source: ManifestSource): Promise<boolean> {
    const isOne = isChosen === undefined || (await isChosen(source));
    isAnyChanged ||= isOne;
    return isOne;
  }
  remarks.addUnread([...sources.missing, ...sources.found.problems]);
  for (const each of sources.found.skipped) if (await isWanted(fileOf(each))) remarks.addSkipped([each]);
  for await (const part of sources.parts(isWanted)) {
    remarks.addUnread(part.problems);
    remarks.addSkipped(part.skipped);
    const evaluated = new Set<unknown>();
    const inputs = part.manifests.map((manifest) => ({ object: manifest.object, manifest }));
    for (const subject of auditObjects(inputs, policy, after)) {
      evaluated.add(subject.manifest);
      remarks.addSubject(subject);
      take(subject);
    }
    const unknown = remarks.addManifests(part.manifests, (manifest) => evaluated.has(manifest));
    for (const object of unknown) takeUnknown?.(object);
  }
  let near = 0;
  if (changed !== undefined && before !== undefined)
    for await (const { manifests } of sources.parts(async (source) => !(await changed.isChanged(source))))
      for (const manifest of manifests)
        for (const subject of newlyFoundIn({ object: manifest.object, manifest }, policy, { after, before })) {
          near++;
          remarks.addNear(subject);
          take(subject);
        }
  return { ...remarks.result(isChosen === undefined), because: { changed: isAnyChanged, near } };
}

const fileOf = ({ file }: { readonly file: string }): ManifestSource => ({ file, isNamed: false });

import { type AuditedSubject, auditObjects } from '../audit/audit-report.ts';
import { gatherSurroundings } from '../audit/surroundings.ts';
import { newestMinor } from '../engine/plan.ts';
import type { Policy } from '../engine/policy.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { ManifestSource } from '../manifests/manifest-files.ts';
import { isKnownKind } from '../manifests/pod-template.ts';
import type { ManifestProblem } from '../manifests/read-manifests.ts';
import { type OpenedSources, openSources, type ReadOptions } from '../manifests/read-sources.ts';
import { holdsUnknownContainers } from '../manifests/unknown-kinds.ts';
import { failureLines, problemLine, refusalsOf } from './audit-messages.ts';
import type { ChangedSources } from './changed-sources.ts';
import { type BeforeAndAfter, newlyFoundIn, surroundingsIn } from './changed-surroundings.ts';
import { policyFileOf } from './find-policy-file.ts';
import { openIdleServices } from './idle-services.ts';
import { openIgnoreReview } from './ignore-review.ts';
import { type PolicyOptions, policyOf } from './policy-options.ts';
import { openSkipped } from './skipped-lines.ts';
import { openUnknownLabels } from './unknown-labels.ts';

/** The result of judging files, apart from their subjects. */
export interface JudgedManifests {
  readonly policy: Policy;
  /** The policy's file, or that it is built in. */
  readonly policySource: string;
  /** Problems and failures, one line each. */
  readonly messages: readonly string[];
  /** Skipped objects, a line each. */
  readonly skippedLines: readonly string[];
  /** Doubts about a verdict, and comments that exempt nothing, a line each. */
  readonly doubtLines: readonly string[];
  /** Unreadable input and values that the API server would reject. */
  readonly problems: readonly ManifestProblem[];
  /** The unreadable input among the problems. */
  readonly unread: readonly ManifestProblem[];
  /** How much there was no Pod to judge in. */
  readonly skipped: number;
  /** Whether another run may check some of what was skipped, given a program or values. */
  readonly isAnyUnread: boolean;
  /** Whether any source was judged as such, and how many other subjects were. */
  readonly because: { readonly changed: boolean; readonly near: number };
}

/** The input and the policy. */
interface JudgingChoices {
  readonly isWanted?: (source: ManifestSource) => Promise<boolean>;
  /** Only judge changed sources, and what their objects change for others. */
  readonly changed?: ChangedSources | undefined;
  /** Replaces the policy that was chosen. */
  readonly policyFrom?: (chosen: Policy) => Policy;
  /** List what was skipped. */
  readonly verbose?: boolean | undefined;
  /** Takes each object that holds containers and is of an unknown kind. */
  readonly takeUnknown?: (object: KubernetesObject) => void;
}

/**
 * Reads and judges as much as possible, regardless of problems in the rest; refuses if there is no valid policy.
 * Each subject is handed over as soon as it is judged, and nothing of it is kept here. Files that are not wanted count for
 * the others: a Namespace or a LimitRange may stand in any of them, so those are gathered first.
 */
export async function judgeManifests(
  paths: readonly string[],
  options: PolicyOptions & ReadOptions,
  input: () => NodeJS.ReadableStream,
  take: (subject: AuditedSubject) => void,
  choices: JudgingChoices = {},
): Promise<JudgedManifests | { readonly refusals: readonly string[] }> {
  const { file: policyFile, passedOver } = await policyFileOf(options);
  const chosen = await policyOf({ ...options, ...(policyFile !== undefined && { policy: policyFile }) });
  if ('problems' in chosen) return { refusals: chosen.problems };
  const policy = choices.policyFrom?.(chosen) ?? chosen;
  const { kubernetesMinor: minor } = policy;
  const reading = { ...options, ...(minor !== undefined && { kubernetesVersion: minor }) };
  const sources = await openSources(paths, input, reading);
  if (!('parts' in sources)) return { refusals: sources.missing.map(problemLine) };
  const known = { minor: newestMinor, now: Date.now(), defaultNamespace: options.namespace ?? 'default' };
  const surroundings = await surroundingsIn(sources, () => gatherSurroundings(known), choices.changed);
  const remarks = await judgeSources(sources, policy, surroundings, take, choices);
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

async function judgeSources(
  sources: OpenedSources,
  policy: Policy,
  { after, before }: BeforeAndAfter,
  take: (subject: AuditedSubject) => void,
  { changed, isWanted: isChosen = changed?.isChanged, verbose = false, takeUnknown }: JudgingChoices,
): Promise<Omit<JudgedManifests, 'policy' | 'policySource'>> {
  const unread: ManifestProblem[] = [...sources.missing];
  const refused: ManifestProblem[] = [];
  const failures = new Set<string>();
  const [skipped, labels, ignored] = [openSkipped(verbose), openUnknownLabels(policy), openIgnoreReview(policy)];
  const idle = openIdleServices(after.defaultNamespace);
  let isAnyChanged = isChosen === undefined;
  async function isWanted(source: ManifestSource): Promise<boolean> {
    const isOne = isChosen === undefined || (await isChosen(source));
    isAnyChanged ||= isOne;
    return isOne;
  }
  function takeJudged(subject: AuditedSubject): void {
    refused.push(...refusalsOf(subject));
    for (const line of failureLines([subject.evaluation])) failures.add(line);
    labels.add(subject);
    ignored.add(subject);
    take(subject);
  }
  unread.push(...sources.found.problems);
  for (const each of sources.found.skipped) if (await isWanted(fileOf(each))) skipped.add(each);
  for await (const part of sources.parts(isWanted)) {
    unread.push(...part.problems);
    for (const each of part.skipped) skipped.add(each);
    const inputs = part.manifests.map((manifest) => ({ object: manifest.object, manifest }));
    const judged = new Set<unknown>();
    for (const subject of auditObjects(inputs, policy, after)) {
      judged.add(subject.manifest);
      idle.add(subject);
      takeJudged(subject);
    }
    ignored.addComments(part.manifests);
    const others = part.manifests.filter((manifest) => !judged.has(manifest));
    const unknown = new Set(
      others.map(({ object }) => object).filter((object) => holdsUnknownContainers(object, policy.podTemplates)),
    );
    skipped.addTemplateless(others, (object) => unknown.has(object));
    for (const object of unknown) takeUnknown?.(object);
    idle.addOthers(others, (object) => unknown.has(object) || isKnownKind(object, policy.podTemplates));
  }
  let near = 0;
  if (changed !== undefined && before !== undefined)
    for await (const { manifests } of sources.parts(async (source) => !(await changed.isChanged(source))))
      for (const manifest of manifests)
        for (const subject of newlyFoundIn({ object: manifest.object, manifest }, policy, { after, before })) {
          near++;
          takeJudged(subject);
        }
  // a Pod that was not read may be the one that a Service selects
  const idleServices = isChosen === undefined && unread.length === 0 ? idle.problems() : [];
  const problems = [...unread, ...ignored.unknown(), ...refused];
  return {
    problems,
    unread,
    messages: [...problems.map(problemLine), ...failures],
    skipped: skipped.count(),
    isAnyUnread: skipped.isAnyUnread(),
    because: { changed: isAnyChanged, near },
    skippedLines: skipped.lines(),
    doubtLines: [...labels.lines(), ...[...ignored.unused(), ...idleServices].map(problemLine)],
  };
}

const fileOf = ({ file }: { readonly file: string }): ManifestSource => ({ file, isNamed: false });

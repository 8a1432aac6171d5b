import { type AuditReport, audit } from '../audit/audit-report.ts';
import { surroundingsOf } from '../audit/surroundings.ts';
import { newestMinor } from '../engine/plan.ts';
import type { Policy } from '../engine/policy.ts';
import type { Manifest, ManifestProblem, Skipped } from '../manifests/read-manifests.ts';
import { type ReadOptions, readManifests } from '../manifests/read-sources.ts';
import { nearestWord } from '../policy/nearest-word.ts';
import { failureLines, problemLine, problemsOf } from './audit-messages.ts';
import { policyFileOf } from './found-policy.ts';
import { type PolicyOptions, policyOf } from './policy-options.ts';
import { templatelessOf } from './skipped-lines.ts';

/** The evaluated content of some files. */
export interface JudgedManifests {
  readonly policy: Policy;
  /** The policy's file, or that it is built in. */
  readonly policySource: string;
  readonly report: AuditReport;
  /** Problems and failures, one line each. */
  readonly messages: readonly string[];
  /** Unreadable input and values that the API server would reject. */
  readonly problems: readonly ManifestProblem[];
  /** The unreadable input among the problems. */
  readonly unread: readonly ManifestProblem[];
  /** Objects, documents and files without a Pod. */
  readonly skipped: readonly Skipped[];
}

/** The input and the policy. */
interface JudgingChoices {
  readonly isWanted?: ((file: string) => boolean) | undefined;
  /** Replaces the policy that was chosen. */
  readonly policyFrom?: (chosen: Policy) => Policy;
}

/**
 * Reads and evaluates as much as possible, regardless of problems elsewhere; a problem if there is no valid policy.
 * Unwanted files are read for context, because any of them may contain a Namespace or a LimitRange.
 */
export async function judgeManifests(
  paths: readonly string[],
  options: PolicyOptions & ReadOptions,
  input: () => NodeJS.ReadableStream,
  { isWanted = () => true, policyFrom = (policy) => policy }: JudgingChoices = {},
): Promise<JudgedManifests | { readonly refusals: readonly string[] }> {
  const policyFile = await policyFileOf(options);
  const chosen = await policyOf({ ...options, ...(policyFile !== undefined && { policy: policyFile }) });
  if ('problems' in chosen) return { refusals: chosen.problems };
  const policy = policyFrom(chosen);
  const read = await readManifests(paths, input, options);
  if ('missing' in read) return { refusals: [read.missing] };
  const wanted = read.manifests.filter(({ file }) => isWanted(file));
  const unread = read.problems.filter(({ file }) => isWanted(file));
  const report = audit(
    wanted.map((manifest) => ({ object: manifest.object, manifest })),
    policy,
    surroundingsOf(
      read.manifests.map(({ object }) => object),
      { minor: newestMinor, now: Date.now(), defaultNamespace: options.namespace ?? 'default' },
    ),
  );
  const problems = problemsOf([...unread, ...unknownIgnored(wanted, policy)], report);
  const skipped = [...read.skipped.filter(({ file }) => isWanted(file)), ...templatelessOf(wanted, report)];
  const isFound = policyFile !== undefined && options.policy === undefined;
  const found = isFound ? [`using policy ${policyFile} (--no-config ignores it)`] : [];
  const failures = failureLines(report.subjects.map(({ evaluation }) => evaluation));
  return {
    policy,
    policySource: policyFile ?? 'the built-in one',
    report: { ...report, skipped: skipped.length },
    problems,
    unread,
    skipped,
    messages: [...found, ...problems.map(problemLine), ...failures],
  };
}

/** The rules that comments ignore and that do not exist. */
function unknownIgnored(manifests: readonly Manifest[], { rules }: Policy): ManifestProblem[] {
  const known = rules.map(({ rule }) => rule.id);
  const perFile = new Map(manifests.map(({ file, ignored }) => [ignored, file]));
  return [...perFile].flatMap(([comments, file]) =>
    comments.flatMap(({ line, rules }) =>
      rules
        .filter((id) => !known.includes(id))
        .map((id) => {
          const nearest = nearestWord(id, known);
          const hint = nearest === undefined ? '; podwright rules lists them' : `; did you mean ${nearest}?`;
          return { file, position: { line, column: 1 }, message: `the comment ignores ${id}, which is not a rule${hint}` };
        }),
    ),
  );
}

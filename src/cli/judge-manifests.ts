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

/** What some files hold, judged. */
export interface JudgedManifests {
  readonly policy: Policy;
  /** Its file, or that it is the built-in one. */
  readonly policySource: string;
  readonly report: AuditReport;
  /** The problems and what broke, a line each. */
  readonly messages: readonly string[];
  /** What could not be read, and what the API server would refuse. */
  readonly problems: readonly ManifestProblem[];
  /** Of these what could not be read. */
  readonly unread: readonly ManifestProblem[];
  /** What there was no Pod to judge in. */
  readonly skipped: readonly Skipped[];
}

/** What is judged, and by what. */
interface JudgingChoices {
  readonly isWanted?: ((file: string) => boolean) | undefined;
  /** The policy to judge by instead of the one that was chosen. */
  readonly policyFrom?: (chosen: Policy) => Policy;
}

/**
 * Reads and judges all that can be judged, whatever is wrong with the rest; or says why there is nothing to judge by. Files
 * that are not wanted count for the others: a Namespace or a LimitRange may stand in any of them.
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
  const found = isFound ? [`judged by ${policyFile} (--no-config leaves it out)`] : [];
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
          return { file, position: { line, column: 1 }, message: `the comment ignores ${id}, which is no rule${hint}` };
        }),
    ),
  );
}

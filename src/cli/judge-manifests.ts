import { type AuditReport, audit } from '../audit/audit-report.ts';
import { surroundingsOf } from '../audit/surroundings.ts';
import { newestMinor } from '../engine/plan.ts';
import type { Policy } from '../engine/policy.ts';
import { type ManifestProblem, readManifests } from '../manifests/read-manifests.ts';
import { failureLines, problemLine, problemsOf } from './audit-messages.ts';
import { type PolicyOptions, policyOf } from './policy-options.ts';

/** What some files hold, judged. */
export interface JudgedManifests {
  readonly policy: Policy;
  readonly report: AuditReport;
  /** The problems and what broke, a line each. */
  readonly messages: readonly string[];
  /** What could not be read, and what the API server would refuse. */
  readonly problems: readonly ManifestProblem[];
}

/** Reads and judges all that can be judged, whatever is wrong with the rest; or says why there is nothing to judge by. */
export async function judgeManifests(
  paths: readonly string[],
  options: PolicyOptions,
  input: () => NodeJS.ReadableStream,
): Promise<JudgedManifests | { readonly refusals: readonly string[] }> {
  const policy = await policyOf(options);
  if ('problems' in policy) return { refusals: policy.problems };
  const read = await readManifests(paths, input);
  if ('missing' in read) return { refusals: [read.missing] };
  const report = audit(
    read.manifests.map((manifest) => ({ object: manifest.object, manifest })),
    policy,
    surroundingsOf(
      read.manifests.map(({ object }) => object),
      { minor: newestMinor, now: Date.now(), defaultNamespace: options.namespace ?? 'default' },
    ),
  );
  const problems = problemsOf(read.problems, report);
  const failures = failureLines(report.subjects.map(({ evaluation }) => evaluation));
  return { policy, report, problems, messages: [...problems.map(problemLine), ...failures] };
}

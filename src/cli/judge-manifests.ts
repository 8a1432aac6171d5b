import { type AuditReport, audit } from '../audit/audit-report.ts';
import { surroundingsOf } from '../audit/surroundings.ts';
import { newestMinor } from '../engine/judge.ts';
import type { Policy } from '../engine/policy.ts';
import { readManifests } from '../manifests/read-manifests.ts';
import { failureLines, problemLines } from './audit-messages.ts';
import { type PolicyOptions, policyOf } from './policy-options.ts';

/** What some files hold, judged. */
export interface JudgedManifests {
  readonly policy: Policy;
  readonly report: AuditReport;
  /** What could not be read, what the API server would refuse, and what broke. */
  readonly messages: readonly string[];
  /** Whether all could be read, and would be taken. */
  readonly isSound: boolean;
}

/** Reads and judges all that can be judged, whatever is wrong with the rest; or says why there is nothing to judge by. */
export async function judgeManifests(
  paths: readonly string[],
  options: PolicyOptions,
  input: () => NodeJS.ReadableStream,
): Promise<JudgedManifests | { readonly problems: readonly string[] }> {
  const policy = await policyOf(options);
  if ('problems' in policy) return policy;
  const read = await readManifests(paths, input);
  if ('missing' in read) return { problems: [read.missing] };
  const report = audit(
    read.manifests.map((manifest) => ({ object: manifest.object, manifest })),
    policy,
    surroundingsOf(
      read.manifests.map(({ object }) => object),
      { minor: newestMinor, now: Date.now(), defaultNamespace: options.namespace ?? 'default' },
    ),
  );
  const problems = problemLines(read.problems, report);
  const failures = failureLines(report.subjects.map(({ evaluation }) => evaluation));
  return { policy, report, messages: [...problems, ...failures], isSound: problems.length === 0 };
}

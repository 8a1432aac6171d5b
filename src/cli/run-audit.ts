import { audit, reaches, type ShownReport } from '../audit/audit-report.ts';
import { surroundingsOf } from '../audit/surroundings.ts';
import { newestMinor } from '../engine/judge.ts';
import type { Mode } from '../engine/rule.ts';
import { readManifests } from '../manifests/read-manifests.ts';
import { failureLines, problemLines } from './audit-messages.ts';
import { type CommandResult, refused } from './command-result.ts';
import { auditJson } from './output/json.ts';
import type { Paint } from './output/paint.ts';
import { auditText } from './output/text.ts';
import { type PolicyOptions, policyOf } from './policy-options.ts';
import { unknownLabelsLines } from './unknown-labels.ts';

export interface AuditOptions extends PolicyOptions {
  readonly output: 'text' | 'json';
  readonly failOn: Exclude<Mode, 'off'> | 'never';
}

/** Reads, judges and reports. All that can be judged is judged, whatever is wrong with the rest. */
export async function runAudit(
  paths: readonly string[],
  options: AuditOptions,
  input: () => NodeJS.ReadableStream,
  paint: Paint,
): Promise<CommandResult> {
  if (paths.length === 0)
    return refused('nothing to audit: name files or folders, or - for standard input; see podwright audit --help');
  const policy = await policyOf(options);
  if ('problems' in policy) return refused(...policy.problems);
  const read = await readManifests(paths, input);
  if ('missing' in read) return refused(read.missing);
  const report = audit(
    read.manifests.map((manifest) => ({ object: manifest.object, manifest })),
    policy,
    surroundingsOf(
      read.manifests.map(({ object }) => object),
      { minor: newestMinor, now: Date.now(), defaultNamespace: options.namespace ?? 'default' },
    ),
  );
  const problems = problemLines(read.problems, report);
  const isBad = options.failOn !== 'never' && reaches(report, options.failOn);
  return {
    output: auditOutput(report, options, paint),
    messages: [
      ...problems,
      ...unknownLabelsLines(policy, report),
      ...failureLines(report.subjects.map(({ evaluation }) => evaluation)),
    ],
    exitCode: problems.length > 0 ? 2 : isBad ? 1 : 0,
  };
}

/** The report in the format that is wanted. */
export function auditOutput(report: ShownReport, { output, failOn }: AuditOptions, paint: Paint): string {
  return output === 'json' ? auditJson(report) : auditText(report, { paint, detailed: failOn === 'audit' });
}

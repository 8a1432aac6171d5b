import { reaches, type ShownReport } from '../audit/audit-report.ts';
import type { Mode } from '../engine/rule.ts';
import { type CommandResult, refused } from './command-result.ts';
import { judgeManifests } from './judge-manifests.ts';
import { auditJson } from './output/json.ts';
import type { Paint } from './output/paint.ts';
import { auditText } from './output/text.ts';
import type { PolicyOptions } from './policy-options.ts';
import { unknownLabelsLines } from './unknown-labels.ts';

export interface AuditOptions extends PolicyOptions {
  readonly output: 'text' | 'json';
  readonly failOn: Exclude<Mode, 'off'> | 'never';
  /** Show what fixes would change, as unified diffs. */
  readonly diff?: boolean;
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
  const judged = await judgeManifests(paths, options, input);
  if ('problems' in judged) return refused(...judged.problems);
  const { policy, report, isSound } = judged;
  const messages = [...judged.messages, ...unknownLabelsLines(policy, report)];
  const isBad = options.failOn !== 'never' && reaches(report, options.failOn);
  return { output: await auditOutput(report, options, paint), messages, exitCode: isSound ? (isBad ? 1 : 0) : 2 };
}

/** The report in the format that is wanted. */
export async function auditOutput(
  report: ShownReport,
  { output, failOn, diff }: AuditOptions,
  paint: Paint,
): Promise<string> {
  if (output === 'json') return auditJson(report);
  const style = { paint, detailed: failOn === 'audit' };
  if (diff !== true) return auditText(report, style);
  const { paintedDiff, podDiffOf } = await import('./output/pod-diff.ts');
  return auditText(report, { ...style, diffOf: (subject) => paintedDiff(podDiffOf(subject), paint) });
}

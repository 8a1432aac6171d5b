import { reaches } from '../audit/audit-report.ts';
import type { Mode } from '../engine/rule.ts';
import type { ReadOptions } from '../manifests/read-sources.ts';
import { type BaselineOptions, compared } from './baseline.ts';
import { changedSince, isAmong } from './changed-files.ts';
import { type CommandResult, refused } from './command-result.ts';
import { type Presentation, present } from './formats/presentation.ts';
import { type TextStyle } from './formats/text-style.ts';
import { judgeManifests } from './judge-manifests.ts';
import { type Paint, plain } from './output/paint.ts';
import { type OutputTarget, textToTerminal } from './output-targets.ts';
import type { PolicyOptions } from './policy-options.ts';
import { repositoryPath, repositoryRootOf } from './repository-path.ts';
import { skippedLines } from './skipped-lines.ts';
import { unknownLabelsLines } from './unknown-labels.ts';

export interface AuditOptions extends PolicyOptions, ReadOptions, BaselineOptions {
  /** Only check objects that have changed since this revision. */
  readonly changedSince?: string;
  /** List skipped objects. */
  readonly verbose?: boolean;
  readonly output?: readonly OutputTarget[];
  readonly failOn: Exclude<Mode, 'off'> | 'never';
  /** Show the changes of fixes as unified diffs. */
  readonly diff?: boolean;
  /** For text, only a table of rules. */
  readonly summary?: boolean;
  /** The path to report for standard input. */
  readonly stdinPath?: string;
}

/** Reads, evaluates and reports as much as possible, regardless of problems in parts of the input. */
export async function runAudit(
  paths: readonly string[],
  options: AuditOptions,
  input: () => NodeJS.ReadableStream,
  paint: Paint,
): Promise<CommandResult> {
  if (paths.length === 0)
    return refused(
      'nothing to audit: specify files or directories, or - for standard input; see podwright audit --help',
    );
  const changed = options.changedSince === undefined ? undefined : await changedSince(options.changedSince);
  if (changed !== undefined && 'problem' in changed) return refused(changed.problem);
  const isWanted = changed && ((file: string) => isAmong(changed.files, file));
  const judged = await judgeManifests(paths, options, input, { isWanted });
  if ('refusals' in judged) return refused(...judged.refusals);
  const { policy, policySource, problems } = judged;
  const comparison = await compared(judged.report, options);
  if ('problem' in comparison) return refused(comparison.problem);
  const { report } = comparison;
  const messages = [
    ...judged.messages,
    ...skippedLines(judged.skipped, options.verbose === true),
    ...unknownLabelsLines(policy, report),
  ];
  const isBad = options.failOn !== 'never' && reaches(report, options.failOn);
  const shown = await outputsOf({ report, problems, policy, policySource, judged: namesOf(paths) }, options, paint);
  const files = [...comparison.files, ...(shown.files ?? [])];
  const exitCode = problems.length === 0 ? (isBad ? 1 : 0) : 2;
  return { ...shown, ...(files.length > 0 && { files }), messages, exitCode };
}

/** The first paths, and the number of the others. */
function namesOf(paths: readonly string[]): string {
  const names = paths.map((path) => (path === '-' ? 'standard input' : path));
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}

/** The audit in every requested format; files get no colors. */
export async function outputsOf(
  audited: Pick<Presentation, 'report' | 'problems' | 'policy' | 'policySource' | 'judged'>,
  { output = textToTerminal, failOn, stdinPath, diff = false, summary = false }: AuditOptions,
  paint: Paint,
): Promise<Pick<CommandResult, 'output' | 'files'>> {
  const root = repositoryRootOf(process.cwd());
  const diffs = diff ? await import('./output/pod-diff.ts') : undefined;
  const styled = (paint: Paint): TextStyle => ({
    paint,
    detailed: failOn === 'audit',
    summary,
    ...(diffs && { diffOf: (subject) => diffs.paintedDiff(diffs.podDiffOf(subject), paint) }),
  });
  const presentation: Presentation = {
    ...audited,
    at: new Date(),
    failOn,
    style: styled(paint),
    repositoryPath: (file) => (file === '-' ? stdinPath : repositoryPath(file, root)),
  };
  const files = [];
  let shown = '';
  for (const { format, file } of output) {
    if (file === undefined) shown = await present(format, presentation);
    else files.push({ file, text: await present(format, { ...presentation, style: styled(plain) }) });
  }
  return { output: shown, ...(files.length > 0 && { files }) };
}

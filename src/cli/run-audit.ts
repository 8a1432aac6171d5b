import { counted } from '../engine/counted.ts';
import type { AuditOptions } from './audit-options.ts';
import { openOutputs } from './audit-outputs.ts';
import { changedSince } from './changed-files.ts';
import { changedSources } from './changed-sources.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { evaluateManifests } from './evaluate-manifests.ts';
import type { Paint } from './output/paint.ts';

/** Reads, evaluates and reports as much as possible, regardless of problems in parts of the input. */
export async function runAudit(
  paths: readonly string[],
  options: AuditOptions,
  input: () => NodeJS.ReadableStream,
  paint: Paint,
): Promise<CommandResult> {
  if (paths.length === 0)
    return rejected(
      'nothing to audit: specify files or directories, or - for standard input; see podwright audit --help',
    );
  const changes = options.changedSince === undefined ? undefined : await changedSince(options.changedSince);
  if (changes !== undefined && 'problem' in changes) return rejected(changes.problem);
  const opened = await openOutputs(options, paint);
  if ('problem' in opened) return rejected(opened.problem);
  const changed = changes && changedSources(paths, changes, options);
  const choices = { changed, verbose: options.verbose, takeUnknown: opened.collector.takeUnknown };
  const evaluated = await evaluateManifests(paths, options, input, opened.collector.take, choices);
  if ('rejections' in evaluated) return rejected(...evaluated.rejections);
  const { problems, skipped } = evaluated;
  const checked = evaluated.unread.length > 0 ? 'readable' : evaluated.isAnyUnread ? 'not skipped' : 'all';
  const about = { ...evaluated, evaluated: namesOf(paths), checked } as const;
  const { output, files, isBad, baselineLines } = await opened.outputs(about, skipped);
  const { changed: isAnyChanged, near } = evaluated.because;
  const reasons = [
    ...(isAnyChanged ? [] : [`no file to check has changed since ${options.changedSince}`]),
    ...(near > 0
      ? [`${counted(near, 'subject')} in unchanged files checked too, because of what changed around them`]
      : []),
  ];
  const messages = [
    ...reasons,
    ...evaluated.messages,
    ...evaluated.skippedLines,
    ...evaluated.doubtLines,
    ...baselineLines,
  ];
  const exitCode = problems.length === 0 ? (isBad ? 1 : 0) : 2;
  return { output, ...(files.length > 0 && { files }), messages, exitCode };
}

/** The first paths, and the number of the others. */
function namesOf(paths: readonly string[]): string {
  const names = paths.map((path) => (path === '-' ? 'standard input' : path));
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}

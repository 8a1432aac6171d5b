import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { AuditedSubject } from '../audit/audit-report.ts';
import type { Policy } from '../engine/policy.ts';
import { replaceFile } from '../files/replace-file.ts';
import { fixesAtAdmission, fixingPolicy, type WantedFixes } from '../fix/fixing-policy.ts';
import { withMeasuredRequests } from '../fix/measured-requests.ts';
import { standardInput } from '../manifests/manifest-files.ts';
import type { ReadOptions } from '../manifests/read-sources.ts';
import { nearestWord } from '../policy/nearest-word.ts';
import { rules } from '../rules/index.ts';
import { linesAfter } from '../yaml/edit/splice.ts';
import { problemLine } from './audit-messages.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { evaluateManifests } from './evaluate-manifests.ts';
import { kustomizedRepairs } from './kustomized-repairs.ts';
import { fileDiffOf } from './output/file-diff.ts';
import { type Leftovers, leftLines, ruleCounts } from './output/fix-lines.ts';
import { counted } from './output/layout.ts';
import type { Paint } from './output/paint.ts';
import { paintedDiff } from './output/pod-diff.ts';
import type { PolicyOptions } from './policy-options.ts';
import { type RepairedFile, repairFiles } from './repaired-file.ts';
import { readUsageFile, unmeasuredLines } from './usage-file.ts';

export interface FixOptions extends PolicyOptions, Pick<ReadOptions, 'exclude'> {
  /** Change the files. */
  readonly write?: boolean;
  /** Also make fixes that a running program may notice. */
  readonly unsafe?: boolean;
  /** Only make the fixes of rules with these ids. */
  readonly rule?: readonly string[];
  /** The requests to set, in the JSON of `podwright recommend`. */
  readonly fromUsage?: string;
}

/** The output about changed files, and why others could not be changed. */
interface Changes extends Pick<CommandResult, 'output' | 'bytes' | 'messages'> {
  readonly problems: readonly string[];
}

/** Reads and evaluates manifests, and shows or writes the repairs that admission would make. */
export async function runFix(
  paths: readonly string[],
  options: FixOptions,
  input: () => NodeJS.ReadableStream,
  paint: Paint,
): Promise<CommandResult> {
  if (paths.length === 0)
    return rejected('nothing to fix: specify files or directories, or - for standard input; see podwright fix --help');
  const { write = false, unsafe = false, rule } = options;
  const problem = problemOfNamedFixes(rule ?? [], unsafe);
  if (problem !== undefined) return rejected(problem);
  const usage = options.fromUsage === undefined ? undefined : await readUsageFile(options.fromUsage);
  if (usage !== undefined && 'problem' in usage) return rejected(usage.problem);
  const wanted: WantedFixes = { unsafe, rules: rule && new Set(rule) };
  const admitted = new Set<string>();
  const given = paths.includes(standardInput) ? await buffer(input()) : Buffer.alloc(0);
  const subjects: AuditedSubject[] = [];
  const take = (subject: AuditedSubject): void => void subjects.push(subject);
  const policyFrom = (chosen: Policy): Policy => {
    for (const id of fixesAtAdmission(chosen)) admitted.add(id);
    const policy = fixingPolicy(chosen, wanted);
    if (usage === undefined) return policy;
    return withMeasuredRequests(policy, (container, resource) => usage.measured.of(container)?.proposed[resource]);
  };
  const evaluated = await evaluateManifests(paths, { ...options, render: false }, () => Readable.from([given]), take, {
    policyFrom,
  });
  if ('rejections' in evaluated) return rejected(...evaluated.rejections);

  const kustomized = await kustomizedRepairs(paths, subjects, options, policyFrom);
  const { files, leftAlone, problems } = await repairFiles({ ...evaluated, ...kustomized, given });
  const changing = files.filter(({ repaired }) => repaired.splices.length > 0);
  const { problems: unwritten, ...changes } = write
    ? writeChanges(changing, paths.includes(standardInput) ? given : undefined)
    : diffsOf(changing, paint);
  const left = leftLines({ subjects, leftAlone, admitted, wanted, lineNow: write ? linesIn(changing) : unmoved });
  const unmeasured = usage === undefined ? [] : [...usage.messages, ...unmeasuredLines(subjects, usage)];
  const allProblems = [...kustomized.problems, ...problems, ...unwritten];
  const isIncomplete = evaluated.problems.length + allProblems.length > 0;
  return {
    ...changes,
    messages: [...evaluated.messages, ...allProblems, ...unmeasured, ...left, ...changes.messages],
    exitCode: isIncomplete ? 2 : changing.length > 0 && !write ? 1 : 0,
  };
}

const unmoved: Leftovers['lineNow'] = (_file, line) => line;

/** The line numbers after the files have been written. */
function linesIn(files: readonly RepairedFile[]): Leftovers['lineNow'] {
  const moves = new Map(
    files.map(({ file, before, repaired }) => [file, linesAfter(before.text, repaired.splices)] as const),
  );
  return (file, line) => moves.get(file)?.(line) ?? line;
}

function diffsOf(files: readonly RepairedFile[], paint: Paint): Changes {
  const diffs = files.map(({ file, before, repaired }) => fileDiffOf(file, before.text, repaired));
  return {
    output: diffs.flatMap((diff) => paintedDiff(diff, paint)).join('\n'),
    messages: [files.length === 0 ? 'nothing would change' : `${counted(files.length, 'file')} would change`],
    problems: [],
  };
}

/** The result of standard input goes to standard output, changed or not. */
function writeChanges(files: readonly RepairedFile[], given: Buffer | undefined): Changes {
  const lines: string[] = [];
  const problems: string[] = [];
  let bytes = given;
  for (const { file, before, repaired } of files) {
    const made = before.encode(repaired.text);
    if (file === standardInput) bytes = made;
    const problem = file === standardInput ? undefined : replaceFile(file, made);
    if (problem === undefined) lines.push(problemLine({ file, message: fixesIn(repaired) }));
    else problems.push(problemLine({ file, message: `cannot be written: ${problem.message}` }));
  }
  const summary = lines.length === 0 ? 'nothing was changed' : `${counted(lines.length, 'file')} changed`;
  if (bytes !== undefined) return { output: '', bytes, messages: [...lines, summary], problems };
  return { output: lines.join('\n'), messages: [summary], problems };
}

const fixesIn = ({ repaired }: RepairedFile['repaired']): string =>
  ruleCounts(repaired.flatMap(({ findings }) => findings.filter(({ fixed }) => fixed)));

/** Why the fixes of these rules cannot be made, if so. */
function problemOfNamedFixes(ids: readonly string[], unsafe: boolean): string | undefined {
  for (const id of ids) {
    const rule = rules.find((each) => each.id === id);
    if (rule === undefined) {
      const meant = nearestWord(
        id,
        rules.map((each) => each.id),
      );
      return `there is no rule "${id}"; ${meant === undefined ? 'podwright rules lists them all' : `did you mean ${meant}?`}`;
    }
    if (rule.fix === undefined)
      return `${id} has no fix: only the author of the Pod can decide; podwright explain ${id} shows what to write`;
    if (rule.fix.risk !== 'none' && !unsafe)
      return `the fix of ${id} can change how an application behaves; --unsafe makes it anyway, podwright explain ${id} says what it does`;
  }
  return undefined;
}

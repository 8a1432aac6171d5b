import type { ReportedSubject } from '../audit/audit-report.ts';
import type { Evaluation } from '../engine/evaluate.ts';
import type { ManifestProblem } from '../manifests/read-manifests.ts';
import { fieldPath } from '../patch/pointer.ts';

/** The parts of a subject that the API server would reject. */
export const rejectedValues = ({ manifest, typeProblems }: ReportedSubject): ManifestProblem[] =>
  typeProblems.map(({ objectPath, position, message: what }) => {
    const message = `the cluster would reject it: ${fieldPath(objectPath)} ${what}`;
    return { file: position?.file ?? manifest?.file ?? '', position, message };
  });

/** `web.yaml:3:7: cannot be parsed: …`. */
export function problemLine({ file, position, message }: ManifestProblem): string {
  const place = position === undefined ? '' : `:${position.line}:${position.column}`;
  return `${file === '-' ? 'stdin' : file}${place}: ${message}`;
}

/** Failures of rules and fixes: bugs of podwright, which users can only report. */
export function failureLines(broken: Iterable<Pick<Evaluation, 'failures' | 'rejectedPatch'>>): string[] {
  const lines = [...broken].flatMap(({ failures, rejectedPatch }) => [
    ...failures.map(({ rule, error }) => `the rule ${rule.id} could not be evaluated: ${messageOf(error)}`),
    ...(rejectedPatch === undefined ? [] : [`a patch was dropped: ${messageOf(rejectedPatch)}`]),
  ]);
  return [...new Set(lines)];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error));

import type { Pointer } from '../patch/pointer.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { PolicyProblem } from './policy-problem.ts';

/**
 * The problems of a text that a document holds under the key, at their places in the whole text: those in a block scalar
 * (`|`) at their own lines, those in a quoted one at the key.
 */
export function placedProblems(
  text: string,
  document: YamlDocument,
  key: Pointer,
  problems: readonly PolicyProblem[],
): PolicyProblem[] {
  const at = document.positionOf(key);
  const lines = text.split('\n');
  const isBlock = /\|[-+\d]*\s*(?:#.*)?$/.test(lines[at.line - 1] ?? '');
  const indent = /^ */.exec(lines.slice(at.line).find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
  return problems.map((problem) =>
    isBlock
      ? { ...problem, line: at.line + problem.line, column: indent + problem.column }
      : { ...problem, line: at.line, column: at.column },
  );
}

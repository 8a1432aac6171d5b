import { fieldPath } from '../patch/pointer.ts';
import type { Position, YamlDocument } from '../yaml/document.ts';
import type { ExtentLimits } from '../yaml/extent.ts';
import type { PolicyFault, PolicyProblem } from './policy-problem.ts';

/** The permitted content of a kind of file, and the messages about files that cannot be one. */
export interface FileForm {
  readonly limits: ExtentLimits;
  readonly tooMuch: Readonly<Record<keyof ExtentLimits, string>>;
  readonly empty: string;
  readonly second: string;
}

const maxProblems = 100;

/** The only document of a text, or why there is none. Never throws, regardless of the text. */
export async function readDocument(
  text: string,
  { limits, tooMuch, empty, second: tooMany }: FileForm,
): Promise<{ readonly document: YamlDocument } | { readonly problems: readonly PolicyProblem[] }> {
  const [{ readYaml }, { exceeds }] = await Promise.all([import('../yaml/read.ts'), import('../yaml/extent.ts')]);
  const excess = exceeds(text, limits);
  if (excess !== undefined) return { problems: [atFile({ line: 1, column: 1 }, tooMuch[excess])] };
  const { documents, problems } = readYaml(text);
  if (problems.length > 0)
    return {
      problems: problems
        .slice(0, maxProblems)
        .map((problem) => atFile(problem, `the file is not valid YAML: ${problem.message}`)),
    };
  const [document, second] = documents;
  if (document === undefined) return { problems: [atFile({ line: 1, column: 1 }, empty)] };
  return second === undefined ? { document } : { problems: [atFile(second.start, tooMany)] };
}

/** The faults and repeated keys of a document as problems in the order of its lines, up to a hundred. */
export async function problemsOf(document: YamlDocument, faults: AsyncIterable<PolicyFault>): Promise<PolicyProblem[]> {
  const found = new Map<string, PolicyProblem>();
  for await (const problem of problemsIn(document, faults)) {
    // One value can fail several constraints of a schema with the same explanation.
    found.set(JSON.stringify(problem), problem);
    if (found.size > maxProblems) break;
  }
  const sorted = [...found.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
  const beyond = sorted[maxProblems];
  return beyond === undefined
    ? sorted
    : [...sorted.slice(0, maxProblems), atFile(beyond, 'there are more problems than can be reported at once')];
}

/** Evaluated lazily, because each problem requires a search for its place in the text. */
async function* problemsIn(document: YamlDocument, faults: AsyncIterable<PolicyFault>): AsyncGenerator<PolicyProblem> {
  for await (const fault of faults) yield problemAt(document, fault);
  for (const { key, line, column } of document.repeatedKeys) {
    const what = `the key ${shortened(JSON.stringify(key))} appears twice in the same mapping`;
    yield atFile({ line, column }, `${what}; only the last one would count`);
  }
}

/** The fault at its place in the text. */
export const problemAt = (
  document: Pick<YamlDocument, 'positionOf'>,
  { path, message }: PolicyFault,
): PolicyProblem => ({ ...document.positionOf(path), field: shortened(fieldPath(path)), message });

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

function atFile({ line, column }: Position, message: string): PolicyProblem {
  return { line, column, field: '', message };
}

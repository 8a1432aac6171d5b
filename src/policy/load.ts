import type { Policy } from '../engine/policy.ts';
import type { Rule } from '../engine/rule.ts';
import { fieldPath, valueAt } from '../patch/pointer.ts';
import type { Position, YamlDocument } from '../yaml/document.ts';
import type { ExtentLimits } from '../yaml/extent.ts';
import type { PolicyFault } from './explain-error.ts';
import { type PolicyDocument, resolve } from './resolve.ts';
import { apiVersion, kind } from './schema.ts';

/** A problem in a policy file, which must be fixed. */
export interface PolicyProblem extends Position {
  /** The field in the form that people use, `rules.pre-stop-sleep.mode`; empty for the whole file. */
  readonly field: string;
  /** The problem and what to do, in one clause. */
  readonly message: string;
}

export type LoadedPolicy = { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] };

/** Enough for about 1,500 exemptions. */
const limits: ExtentLimits = { tokens: 80_000, depth: 100 };
const tooMuch: Readonly<Record<keyof ExtentLimits, string>> = {
  tokens: 'the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many',
  depth: `the file is nested too deeply (more than ${limits.depth} brackets in one another)`,
};
const maxProblems = 100;

/**
 * Reads a policy file (YAML or JSON): the policy, or every problem of the file in the order of its lines, up to a
 * hundred. Never throws, regardless of the text, and takes at most a moment and some 60 MiB. The parser and the
 * validator are loaded on the first call, because most commands do not read a policy file.
 */
export async function loadPolicy(text: string, rules: readonly Rule[]): Promise<LoadedPolicy> {
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
  const empty = `the file contains no policy; a policy starts with apiVersion: ${apiVersion} and kind: ${kind}`;
  if (document === undefined) return { problems: [atFile({ line: 1, column: 1 }, empty)] };
  if (second !== undefined)
    return { problems: [atFile(second.start, 'a second document starts here; a policy file contains one')] };
  return policyOfDocument(document, rules);
}

/** The policy in a document, or every problem of it. */
export async function policyOfDocument(document: YamlDocument, rules: readonly Rule[]): Promise<LoadedPolicy> {
  const found = await problemsOf(document, rules);
  return found.length > 0 ? { problems: found } : { policy: resolve(document.value as PolicyDocument, rules) };
}

async function problemsOf(document: YamlDocument, rules: readonly Rule[]): Promise<PolicyProblem[]> {
  const found = new Map<string, PolicyProblem>();
  for await (const problem of problemsIn(document, rules)) {
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
async function* problemsIn(document: YamlDocument, rules: readonly Rule[]): AsyncGenerator<PolicyProblem> {
  for await (const { path, message } of faultsIn(document.value, rules))
    yield { ...document.positionOf(path), field: shortened(fieldPath(path)), message };
  for (const { key, line, column } of document.repeatedKeys) {
    const what = `the key ${shortened(JSON.stringify(key))} appears twice in the same mapping`;
    yield atFile({ line, column }, `${what}; only the last one would count`);
  }
}

async function* faultsIn(value: unknown, rules: readonly Rule[]): AsyncGenerator<PolicyFault> {
  const [{ schemaErrors }, { explainError }, { furtherFaults }] = await Promise.all([
    import('./validate.ts'),
    import('./explain-error.ts'),
    import('./further-faults.ts'),
  ]);
  const actualKind = valueAt(value, '/kind');
  const isOther = typeof actualKind === 'string' && actualKind !== kind;
  const isRelevant = ({ path }: PolicyFault): boolean => !isOther || path === '/kind' || path === '/apiVersion';
  for (const error of await schemaErrors(value, rules)) yield* explainError(error).filter(isRelevant);
  yield* furtherFaults(value).filter(isRelevant);
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

function atFile({ line, column }: Position, message: string): PolicyProblem {
  return { line, column, field: '', message };
}

import type { Policy } from '../engine/policy.ts';
import type { Rule } from '../engine/rule.ts';
import { fieldPath, valueAt } from '../patch/pointer.ts';
import type { Position, YamlDocument } from '../yaml/document.ts';
import { type PolicyDocument, resolve } from './resolve.ts';
import { apiVersion, kind } from './schema.ts';

/** Something in a policy file that must be put right. */
export interface PolicyProblem extends Position {
  /** The field as people write it, `rules.pre-stop-sleep.mode`; empty for the file as a whole. */
  readonly field: string;
  /** What is wrong and what to do, one clause. */
  readonly message: string;
}

export type LoadedPolicy = { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] };

/**
 * Reads a policy file (YAML or JSON): the policy, or every problem of the file in the order of its lines. Never throws
 * because of the text. The parser and the validator are loaded at the first call, for most commands read no policy file.
 */
export async function loadPolicy(text: string, rules: readonly Rule[]): Promise<LoadedPolicy> {
  const { readYaml } = await import('../yaml/read.ts');
  const { documents, problems } = readYaml(text);
  if (problems.length > 0)
    return { problems: problems.map((problem) => atFile(problem, `the file is not valid YAML: ${problem.message}`)) };
  const [document, second] = documents;
  const empty = `the file holds no policy; it starts with apiVersion: ${apiVersion} and kind: ${kind}`;
  if (document === undefined) return { problems: [atFile({ line: 1, column: 1 }, empty)] };
  if (second !== undefined)
    return { problems: [atFile(second.start, 'a second document starts here; a policy file holds one')] };
  const found = await problemsOf(document, rules);
  return found.length > 0 ? { problems: found } : { policy: resolve(document.value as PolicyDocument, rules) };
}

async function problemsOf(document: YamlDocument, rules: readonly Rule[]): Promise<PolicyProblem[]> {
  const [{ schemaErrors }, { explainError }, { furtherFaults }] = await Promise.all([
    import('./validate.ts'),
    import('./explain-error.ts'),
    import('./further-faults.ts'),
  ]);
  const faults = [...schemaErrors(document.value, rules).flatMap(explainError), ...furtherFaults(document.value)];
  const actualKind = valueAt(document.value, '/kind');
  const isOther = typeof actualKind === 'string' && actualKind !== kind;
  const relevant = isOther ? faults.filter(({ path }) => path === '/kind' || path === '/apiVersion') : faults;
  const problems = relevant.map(({ path, message }) => ({
    ...document.positionOf(path),
    field: fieldPath(path),
    message,
  }));
  const repeated = document.repeatedKeys.map(({ key, line, column }) =>
    atFile(
      { line, column },
      `the key ${JSON.stringify(key)} stands twice in the same mapping; only the last one would count`,
    ),
  );
  return distinct([...problems, ...repeated]).toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function atFile({ line, column }: Position, message: string): PolicyProblem {
  return { line, column, field: '', message };
}

/** One value can fail several constraints of a schema and be explained by the same words. */
function distinct(problems: readonly PolicyProblem[]): PolicyProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

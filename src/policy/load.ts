import type { Policy } from '../engine/policy.ts';
import type { Rule } from '../engine/rule.ts';
import { valueAt } from '../patch/pointer.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { PolicyFault, PolicyProblem } from './policy-problem.ts';
import { type FileForm, problemsOf, readDocument } from './read-document.ts';
import { type PolicyDocument, resolve } from './resolve.ts';
import { apiVersion, kind } from './schema.ts';

/** A valid policy, or every problem of an invalid one. */
export type LoadedPolicy = { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] };

const maxDepth = 100;
const form: FileForm = {
  /** Enough for about 1,500 exemptions. */
  limits: { tokens: 80_000, depth: maxDepth },
  tooMuch: {
    tokens: 'the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many',
    depth: `the file is nested too deeply (more than ${maxDepth} brackets in one another)`,
  },
  empty: `the file contains no policy; a policy starts with apiVersion: ${apiVersion} and kind: ${kind}`,
  second: 'a second document starts here; a policy file contains one',
};

/**
 * Reads a policy file (YAML or JSON): the policy, or every problem of the file in the order of its lines, up to a
 * hundred. Never throws, regardless of the text, and takes at most a moment and some 60 MiB. The parser and the
 * validator are loaded on the first call, because most commands do not read a policy file.
 */
export async function loadPolicy(text: string, rules: readonly Rule[]): Promise<LoadedPolicy> {
  const read = await readDocument(text, form);
  return 'problems' in read ? read : policyOfDocument(read.document, rules);
}

/** The policy in a document, or every problem of it. */
export async function policyOfDocument(document: YamlDocument, rules: readonly Rule[]): Promise<LoadedPolicy> {
  const found = await problemsOf(document, faultsIn(document.value, rules));
  return found.length > 0 ? { problems: found } : { policy: resolve(document.value as PolicyDocument, rules) };
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
  for (const error of await schemaErrors('policy', value, rules)) yield* explainError(error).filter(isRelevant);
  yield* furtherFaults(value).filter(isRelevant);
}

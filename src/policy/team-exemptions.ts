import type { Exemption } from '../engine/exemption.ts';
import type { Rule } from '../engine/rule.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { PolicyFault, PolicyProblem } from './policy-problem.ts';
import { type FileForm, problemsOf, readDocument } from './read-document.ts';
import { exemptionFrom, type WrittenExemption } from './resolve-sections.ts';

/** The exemptions that a team has written, or every problem of their syntax. */
export type TeamExemptions =
  | { readonly exemptions: readonly Exemption[]; readonly document: Pick<YamlDocument, 'positionOf'> }
  | { readonly problems: readonly PolicyProblem[] };

const maxDepth = 20;
const form: FileForm = {
  // keeps what one namespace can add to every evaluation small
  limits: { tokens: 5_000, depth: maxDepth },
  tooMuch: {
    tokens: 'there is too much for one namespace (more than 5,000 tokens, about 100 exemptions); use globs',
    depth: `the text is nested too deeply (more than ${maxDepth} brackets in one another)`,
  },
  empty: 'there is no content; write exemptions: and a list, or delete the ConfigMap',
  second: 'a second document starts here; there can be only one',
};

/** Reads the exemptions in a team's ConfigMap. What the policy allows of them is another matter: see `grant`. */
export async function readTeamExemptions(text: string, rules: readonly Rule[]): Promise<TeamExemptions> {
  const read = await readDocument(text, form);
  if ('problems' in read) return read;
  const { document } = read;
  const problems = await problemsOf(document, faultsIn(document.value, rules));
  if (problems.length > 0) return { problems };
  const { exemptions } = document.value as { readonly exemptions: readonly WrittenExemption[] };
  return { exemptions: exemptions.map(exemptionFrom), document };
}

async function* faultsIn(value: unknown, rules: readonly Rule[]): AsyncGenerator<PolicyFault> {
  const [{ schemaErrors }, { explainError }, { exemptionFaults }] = await Promise.all([
    import('./validate.ts'),
    import('./explain-error.ts'),
    import('./further-faults.ts'),
  ]);
  for (const error of await schemaErrors('exemptions', value, rules)) yield* explainError(error);
  yield* exemptionFaults(value);
}

import type { PolicyProblem } from './policy-problem.ts';

/** Problems as lines, `policy.yaml:4:3: rules: …`; `source` is the origin of the text. */
export const problemLines = (problems: readonly PolicyProblem[], source: string): string[] =>
  problems.map(({ line, column, field, message }) =>
    [`${source}:${line}:${column}`, ...(field === '' ? [] : [field]), message].join(': '),
  );

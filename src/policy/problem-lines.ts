import type { PolicyProblem } from './load.ts';

/** Problems as people read them, `policy.yaml:4:3: rules: …`; `source` is where the text is from. */
export const problemLines = (problems: readonly PolicyProblem[], source: string): string[] =>
  problems.map(({ line, column, field, message }) =>
    [`${source}:${line}:${column}`, ...(field === '' ? [] : [field]), message].join(': '),
  );

import { Lexer } from 'yaml';

/** Limits for the content of a text. */
export interface ExtentLimits {
  /** Marks, keys, values, spaces and line endings. */
  readonly tokens: number;
  /** Nested lists and maps in brackets. */
  readonly depth: number;
}

/**
 * Whether a text exceeds the limits, without parsing it: the parser keeps some hundred bytes for every token and
 * processes each of its errors, while the lexer keeps nothing and stops as soon as a limit is reached.
 */
export function exceeds(text: string, limits: ExtentLimits): keyof ExtentLimits | undefined {
  let tokens = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > limits.tokens) return 'tokens';
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > limits.depth) return 'depth';
  }
  return undefined;
}

import { Lexer } from 'yaml';

/** What a text may hold at most. */
export interface ExtentLimits {
  /** Marks, keys, values, spaces and line ends. */
  readonly tokens: number;
  /** Lists and maps in brackets, in one another. */
  readonly depth: number;
}

/**
 * Tells whether a text holds more than the limits, without parsing it: the parser keeps some hundred bytes for every
 * token and works on each of its errors, while the lexer keeps nothing and is left as soon as a limit is reached.
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

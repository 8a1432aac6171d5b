import { CST, Lexer } from 'yaml';

/** Every comment of a text, in order. */
export function commentsOf(text: string): string[] {
  const comments: string[] = [];
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!isScalar && CST.tokenType(token) === 'comment') comments.push(token.trimEnd());
    // the lexer announces the text of a scalar, which may look like anything
    isScalar = token === CST.SCALAR;
  }
  return comments;
}

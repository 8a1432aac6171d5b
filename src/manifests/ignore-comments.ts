import { Lexer } from 'yaml';
import type { Position } from '../yaml/document.ts';

/** `# podwright-ignore RULE, RULE: reason`, a comment that exempts findings. */
export interface IgnoreComment extends Position {
  /** The line that it applies to: its own, or the next one with content if it is on a line of its own. */
  readonly target: number;
  readonly rules: readonly string[];
  readonly reason: string;
}

/** The comments of a text that exempt findings, and the invalid ones. */
export interface IgnoreComments {
  readonly comments: readonly IgnoreComment[];
  readonly problems: readonly (Position & { readonly message: string })[];
}

const word = 'podwright-ignore';

/** Finds real YAML comments, but not text inside values. */
export function ignoreCommentsOf(text: string): IgnoreComments {
  const lines = text.split('\n');
  const comments: IgnoreComment[] = [];
  const problems: (Position & { readonly message: string })[] = [];
  for (const { line, column, content } of commentsOf(text)) {
    const [, rest] = /^#\s*podwright-ignore(?![\w-])(.*)$/.exec(content) ?? [];
    if (rest === undefined) continue;
    const [, names = '', reason = ''] = /^\s+([\w, -]+?)\s*:\s*(\S.*)$/.exec(rest.trimEnd()) ?? [];
    const rules = names.split(/[\s,]+/).filter((name) => name !== '');
    if (rules.length === 0 || reason === '')
      problems.push({ line, column, message: `an ignore comment needs rules and a reason: # ${word} RULE: reason` });
    else comments.push({ line, column, target: targetOf(lines, line), rules, reason });
  }
  return { comments, problems };
}

/** Separators that the YAML lexer emits between tokens. */
const marks = new Set(['\u0002', '\u0018', '\u001f']);

/** The comments that the lexer finds. */
function commentsOf(text: string): (Position & { readonly content: string })[] {
  const found: (Position & { readonly content: string })[] = [];
  let [offset, line, column] = [0, 1, 1];
  function pass(read: string): void {
    const end = read.lastIndexOf('\n');
    offset += read.length;
    line += read.split('\n').length - 1;
    column = end === -1 ? column + read.length : read.length - end;
  }
  /** Ends early after an outdented scalar, because the lexer has lost its way in it. */
  function isReadOn(): boolean {
    for (const token of new Lexer().lex(text.slice(offset))) {
      if (marks.has(token)) continue;
      if (token.startsWith('#')) found.push({ line, column, content: token });
      const quoted = outdentedScalar(token, text, offset);
      pass(quoted ?? token);
      if (quoted !== undefined) return true;
    }
    return false;
  }
  while (isReadOn());
  return found;
}

/** The whole scalar in quotes of which the lexer read only the start, because kubectl allows less indentation below. */
function outdentedScalar(token: string, text: string, offset: number): string | undefined {
  const scalar = token.startsWith('"') ? /"(?:[^"\\]|\\.)*"/sy : token.startsWith("'") ? /'(?:[^']|'')*'/y : undefined;
  if (scalar === undefined) return undefined;
  scalar.lastIndex = offset;
  const whole = scalar.exec(text)?.[0];
  return whole !== undefined && whole.length > token.length ? whole : undefined;
}

/** Line numbers start at 1. */
function targetOf(lines: readonly string[], line: number): number {
  if (!/^\s*#/.test(lines[line - 1] ?? '')) return line;
  const next = lines.findIndex((content, index) => index >= line && !/^\s*(?:#|$)/.test(content));
  return next === -1 ? line : next + 1;
}

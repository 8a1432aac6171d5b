/** One command of a shell script. */
export interface ScriptCommand {
  /** The program and its arguments without quotes; `$` stands for parts that only the shell can expand. */
  readonly words: readonly string[];
  /** It always runs, in the foreground: not in a loop, a branch or a subshell, nor after `||`. */
  readonly certain: boolean;
}

const unquoted =
  /(?<blank>[^\S\n]+|\\\n|(?<![^\s;&|()`])#[^\n]*)|(?<operator>"|\$\(|&&|\|\||[;&|()\n`])|'(?<literal>[^']*)'?|\\(?<escaped>[^])|(?<text>[^\s'"\\$;&|()`]+|[$\\])/y;
const quoted = /(?<operator>"|\$\()|\\(?<escaped>[^])|(?<text>[^"\\$]+|[$\\])/y;

/** Longer than any handwritten probe or hook; the rest is not read. */
const longestScript = 16 * 1024;

/**
 * The commands of a POSIX shell script, with those inside `$(…)` before the enclosing one. It understands enough to
 * determine the programs that typical probes and hooks run, and never fails. Linear in time.
 */
export function commandsOf(text: string): ScriptCommand[] {
  const script = text.slice(0, longestScript);
  const read = reader();
  let at = 0;
  while (at < script.length) {
    const grammar = read.isQuoted() ? quoted : unquoted;
    grammar.lastIndex = at;
    const match = grammar.exec(script);
    const { blank, operator, literal, escaped, text } = match?.groups ?? {};
    if (blank !== undefined) read.blank();
    else if (operator !== undefined) read.operator(operator);
    else read.text(literal ?? escaped ?? text ?? '');
    at += match?.[0].length ?? 1;
  }
  return read.end();
}

/** The current parsing context: the script, or a substitution in it. */
interface Frame {
  words: string[];
  word: string | undefined;
  isQuoted: boolean;
  parentheses: number;
}

/** Collects commands token by token. */
function reader() {
  const commands: ScriptCommand[] = [];
  const substitutions: Frame[] = [];
  let now = emptyFrame();
  let depth = 0;
  let isAlternative = false;

  function blank(): void {
    if (now.word !== undefined) now.words.push(now.word);
    now.word = undefined;
  }

  function text(part: string): void {
    now.word = `${now.word ?? ''}${part}`;
  }

  function endCommand(terminator: string): void {
    blank();
    const { words, nesting } = withoutKeywords(now.words);
    const isNested = depth + now.parentheses + substitutions.length > 0 || nesting > 0;
    if (words.length > 0) commands.push({ words, certain: !isNested && !isAlternative && terminator !== '&' });
    depth = Math.max(0, depth + nesting);
    now.words = [];
    if (terminator === '||') isAlternative = true;
    else if (terminator !== '&&' && terminator !== '|') isAlternative = false;
  }

  function operator(token: string): void {
    if (token === '"') {
      text('');
      now.isQuoted = !now.isQuoted;
    } else if (token === '$(') {
      text('$');
      substitutions.push(now);
      now = emptyFrame();
    } else {
      endCommand(token);
      if (token === '(') now.parentheses++;
      else if (token === ')' && now.parentheses > 0) now.parentheses--;
      else if (token === ')') now = substitutions.pop() ?? now;
    }
  }

  function end(): ScriptCommand[] {
    endCommand('');
    return commands;
  }
  return { blank, text, operator, end, isQuoted: () => now.isQuoted };
}

const emptyFrame = (): Frame => ({ words: [], word: undefined, isQuoted: false, parentheses: 0 });

const headings = new Set(['for', 'case', 'select']);
const openings = new Set(['if', 'while', 'until', '{']);
const closings = new Set(['fi', 'done', 'esac', '}']);
const prefixes = new Set(['then', 'do', 'else', 'elif', '!', 'exec', 'command', 'nohup', 'time', 'env']);

/** The command without the keywords of control structures, and the change of nesting depth. */
function withoutKeywords(words: readonly string[]): { readonly words: readonly string[]; readonly nesting: number } {
  let nesting = 0;
  for (const [index, word] of words.entries()) {
    if (headings.has(word)) return { words: [], nesting: nesting + 1 };
    if (openings.has(word)) nesting++;
    else if (closings.has(word)) nesting--;
    else if (!prefixes.has(word) && !/^[A-Za-z_]\w*=/.test(word)) return { words: words.slice(index), nesting };
  }
  return { words: [], nesting };
}

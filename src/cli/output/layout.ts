/** The words of a text in lines of at most `width` characters; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A text that starts behind a prefix and goes on below its own beginning, in so many columns. */
export function hang(prefix: string, text: string, columns: number): string[] {
  const [first = '', ...rest] = wrap(text, columns - prefix.length);
  return [`${prefix}${first}`, ...rest.map((line) => ' '.repeat(prefix.length) + line)];
}

/** Rows in aligned columns, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `1 finding`, `2 findings`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/**
 * The text without control characters, nor any that changes direction, ends a line or is not seen: a name in a manifest
 * may hold all of them, and a terminal obeys.
 */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

/** What is not seen or changes direction, as `\u202e`: people see it, and JSON means the same as before. */
export const visible = (text: string): string =>
  text.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );

export { counted } from '../../engine/counted.ts';

/** Wraps a text at `width` characters; a longer word gets its own line. */
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

/** A text after a prefix, wrapped with a hanging indent. */
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

/**
 * The text without control characters, direction marks, line separators and invisible characters: names in a manifest
 * may contain all of them, and a terminal obeys them.
 */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

/** Escapes invisible characters and direction marks as `\u202e`, so that people see them; JSON keeps its meaning. */
export const visible = (text: string): string =>
  text.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );

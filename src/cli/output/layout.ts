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

/** The text without control characters: a name in a manifest may hold any, and a terminal obeys them. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

import { printable } from './layout.ts';

/** GitHub's limit for a comment is 65,536 characters. */
export const maxMarkdown = 60_000;

/** A text as code in a table cell. */
export const markdownCode = (content: string): string =>
  `\`${printable(content).replaceAll('`', "'").replaceAll('|', '\\|')}\``;

/** Escapes all markup in a text. */
export const markdownText = (content: string): string =>
  printable(content)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#@]/g, (character) => `\\${character}`);

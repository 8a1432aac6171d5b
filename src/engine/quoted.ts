import { shortened } from './shortened.ts';

/** A value out of a Pod as a message shows it: in quotes, on one line, cut where it would crowd out the rest. */
export function quoted(value: string, maxLength = 24): string {
  if (value.length <= maxLength && isPlain.test(value)) return `"${value}"`;
  // white space that is folded does not count, up to a point
  const line = value
    .slice(0, 8 * maxLength)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('"', "'");
  return `"${shortened(line, maxLength)}"`;
}

/** Names, images, paths: what needs no second look. */
const isPlain = /^[\w./:@-]*$/;

/** How many names a message lists. */
const maxNames = 10;

/** The names in quotes, and how many more there are. */
export function quotedNames(names: readonly string[]): string {
  const listed = names.slice(0, maxNames).map((name) => quoted(name));
  const left = names.length - listed.length;
  return `${listed.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

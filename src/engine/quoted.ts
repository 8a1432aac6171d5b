import { shortened } from './shortened.ts';

/** The longest name of a container, a volume or a port: names are shown whole, so that they can be searched. */
const maxNameLength = 63;

/** A value out of a Pod as a message shows it: in quotes, on one line, cut where it is longer than a name may be. */
export function quoted(value: string, maxLength = maxNameLength): string {
  if (value.length <= maxLength && isPlain.test(value)) return `"${value}"`;
  // folded white space does not count, within limits
  const line = value
    .slice(0, 8 * maxLength)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('"', "'");
  return `"${shortened(line, maxLength)}"`;
}

/** Names, images and paths, which need no further processing. */
const isPlain = /^[\w./:@-]*$/;

/** How many names a message lists. */
const maxNames = 10;

/** The names in quotes, and the number of omitted ones. */
export function quotedNames(names: readonly string[]): string {
  const listed = names.slice(0, maxNames).map((name) => quoted(name));
  const left = names.length - listed.length;
  return `${listed.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

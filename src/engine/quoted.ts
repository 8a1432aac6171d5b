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

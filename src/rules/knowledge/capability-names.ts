import { quoted } from '../../engine/quoted.ts';

/** Longer lists consist of names that Linux does not have. */
const maxNames = 10;

/** The capabilities as a phrase: `NET_ADMIN, NET_RAW and SYS_TIME`. */
export function capabilityNames(names: readonly string[]): string {
  const left = names.length > maxNames + 1 ? names.length - maxNames : 0;
  const shown = names.slice(0, names.length - left).map((name) => (/^\w{1,63}$/.test(name) ? name : quoted(name)));
  if (left > 0) shown.push(`${left} more`);
  return shown.length === 1 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

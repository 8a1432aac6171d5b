/** A value out of a Pod as a message shows it: in quotes, on one line, cut where it would crowd out the rest. */
export function quoted(value: string, maxLength = 24): string {
  const line = value.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').replaceAll('"', "'");
  const characters = [...line];
  return `"${characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line}"`;
}

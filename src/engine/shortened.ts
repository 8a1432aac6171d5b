/** The text, shortened with an ellipsis to at most this many characters. Linear in the length of the result. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // a character is one or two code units
  const characters = Array.from(text.slice(0, 2 * (maxLength + 1)));
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : text;
}

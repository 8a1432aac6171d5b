/** The text, cut with an ellipsis to at most so many characters. Linear in what is kept, not in what is cut. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // a character is one or two code units
  const characters = Array.from(text.slice(0, 2 * (maxLength + 1)));
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : text;
}

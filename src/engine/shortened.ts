/** The text, shortened with an ellipsis to at most this many characters. Linear in the length of the result. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // a character is one or two code units
  const characters = Array.from(text.slice(0, 2 * (maxLength + 1)));
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : text;
}

/** The length in UTF-8, which the API server limits. */
export const bytesOf = (text: string): number => Buffer.byteLength(text);

/**
 * As many whole words as fit into the bytes, and the ellipsis that ends them; the whole text if it fits. The ellipsis
 * counts as one byte, so that plain text of as many characters fits.
 */
export function wordsWithin(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  const room = maxBytes - ellipsis.length;
  let end = text.lastIndexOf(' ', room);
  while (end > 0 && bytesOf(text.slice(0, end)) > room) end = text.lastIndexOf(' ', end - 1);
  return `${text.slice(0, Math.max(end, 0))}${ellipsis}`.trimStart();
}

const ellipsis = ' …';

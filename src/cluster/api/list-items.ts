/**
 * The items of a list in JSON as they arrive, those of each piece together. At most one incomplete item is held, so
 * memory does not grow with the list. Items that are no objects are skipped.
 * @throws SyntaxError if the text ends early or is no JSON object.
 */
export async function* listItems(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly unknown[]> {
  const decoder = new TextDecoder();
  const scan = openScan();
  for await (const piece of pieces) {
    const items = scan.add(decoder.decode(piece, { stream: true }));
    if (items.length > 0) yield items;
  }
  if (!scan.isComplete) throw new SyntaxError('it is no complete list');
}

interface Scan {
  /** Returns the items that the next part of the text completes. */
  add(part: string): unknown[];
  readonly isComplete: boolean;
}

/** A text, whose last quotation mark may not have arrived, or a bracket. */
const tokens = /"(?:[^"\\]+|\\.)*("?)|[[\]{}]/gs;

function openScan(): Scan {
  let text = '';
  /** Where the scan of the text continues. */
  let next = 0;
  /** The start of an item that is not complete. */
  let start: number | undefined;
  let depth = 0;
  let isBegun = false;
  let isInItems = false;
  /** The last text in the list's own fields; before a bracket it is the name of a field. */
  let name = '';

  return {
    add(part) {
      text += part;
      const items: unknown[] = [];
      tokens.lastIndex = next;
      for (const { 0: token, 1: endOfText, index } of text.matchAll(tokens)) {
        if (endOfText === '') break;
        next = index + token.length;
        if (endOfText !== undefined) {
          if (depth === 1) name = token;
        } else if (token === '{' || token === '[') {
          if (depth === 0) isBegun = token === '{';
          else if (depth === 1) isInItems = name === '"items"';
          else if (depth === 2 && isInItems) start = index;
          depth++;
        } else {
          depth--;
          if (depth !== 2 || start === undefined) continue;
          items.push(JSON.parse(text.slice(start, next)));
          start = undefined;
        }
      }
      const kept = start ?? next;
      text = text.slice(kept);
      next -= kept;
      if (start !== undefined) start = 0;
      return items;
    },
    get isComplete() {
      return isBegun && depth === 0;
    },
  };
}

const [quote, backslash] = [0x22, 0x5c];

/**
 * Whether JSON has more marks than `limit`: `,`, `:`, `[` and `{` outside of strings; each value takes one or two.
 * Counted before parsing, because a value of three bytes can take a hundred in memory. A body with fewer bytes than
 * `limit` is not examined.
 */
export const hasMoreMarks = (json: Buffer, limit: number): boolean =>
  json.length > limit && marksIn(json, limit) > limit;

/** The number of marks in the JSON; counting ends at one more than `limit`. */
export function marksIn(json: Buffer, limit: number): number {
  let marks = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json[at] ?? 0) {
      case quote:
        at = endOfText(json, at + 1);
        break;
      case 0x2c: // ,
      case 0x3a: // :
      case 0x5b: // [
      case 0x7b: // {
        if (++marks > limit) return marks;
    }
  }
  return marks;
}

/** The index of the quote that ends a string. */
function endOfText(json: Buffer, start: number): number {
  for (let end = json.indexOf(quote, start); end !== -1; end = json.indexOf(quote, end + 1)) {
    let before = end;
    while (json[before - 1] === backslash) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return json.length;
}

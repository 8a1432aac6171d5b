const key = '"managedFields":[';

/**
 * The value of a review's text, with `managedFields` emptied if possible. It records who set which field, makes up some
 * 40 % of the API server's data and takes longer to parse than the rest, because nearly every key is new; Podwright does
 * not read it.
 * @throws SyntaxError if the text is not JSON, unless only its managed fields are not.
 */
export function parseReview(text: string): unknown {
  const short = withoutManagedFields(text);
  if (short !== text)
    try {
      return JSON.parse(short);
    } catch {
      // a list ends elsewhere, or the text is not JSON
    }
  return JSON.parse(text);
}

/**
 * Cuts each list at its first `]`, so that nothing needs to be scanned character by character. If that ends a list
 * further inside, the rest closes a list that is not open; if it is within a string, the rest has an odd number of quotes.
 * Neither is JSON.
 */
function withoutManagedFields(text: string): string {
  let kept = '';
  let from = 0;
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, from)) {
    const first = at + key.length;
    kept += text.slice(from, first);
    from = text.indexOf(']', first);
    if (from === -1) return text;
  }
  return from === 0 ? text : kept + text.slice(from);
}

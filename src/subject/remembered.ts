/** How many results are kept: images, amounts and names repeat within a cluster, but those of an attack must not accumulate. */
const mostKept = 2_000;
const longestKept = 256;

/** Caches the latest results of a function of a text. It must be pure; results are shared and must not be changed. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  let known = new Map<string, T>();
  return (text) => {
    const answer = known.get(text);
    if (answer !== undefined) return answer;
    if (text.length > longestKept) return work(text);
    const own = detached(text);
    const worked = work(own);
    if (known.size === mostKept) known = new Map();
    known.set(own, worked);
    return worked;
  };
}

/** V8 copies a shorter piece of a text. */
const shortestView = 13;

/** A copy: V8 keeps a piece of a text as a view, and with it the whole text, which may be a request or file of megabytes. */
const detached = (text: string): string =>
  text.length < shortestView ? text : Buffer.from(text, 'utf16le').toString('utf16le');

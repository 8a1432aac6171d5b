/** How many results are kept: images, amounts and names repeat within a cluster, but those of an attack must not accumulate. */
const mostKept = 2_000;
const longestKept = 256;

/** Caches the latest results of a function of a text. It must be pure; results are shared and must not be changed. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  let known = new Map<string, T>();
  return (text) => {
    const answer = known.get(text);
    if (answer !== undefined) return answer;
    const worked = work(text);
    if (text.length > longestKept) return worked;
    if (known.size === mostKept) known = new Map();
    known.set(text, worked);
    return worked;
  };
}

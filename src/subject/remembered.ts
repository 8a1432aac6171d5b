/** How many answers are kept: the images, amounts and names of a cluster repeat, those of an attack must not pile up. */
const mostKept = 2_000;
const longestKept = 256;

/** The function of a text, with its last answers at hand. It must be pure; what it gives is shared and not to be changed. */
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

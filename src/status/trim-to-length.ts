/** Indent, comma and line break. */
const lineLength = 6;

/** The first elements, as many as have room in this length as JSON, one per line. */
export function trimToLength<T>(elements: readonly T[], length: number): readonly T[] {
  let left = length;
  const end = elements.findIndex((element) => (left -= JSON.stringify(element).length + lineLength) < 0);
  return end === -1 ? elements : elements.slice(0, end);
}

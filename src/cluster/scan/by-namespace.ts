/** The items of one collection, taken namespace by namespace. */
export interface NamespacedStream<T> {
  /** That of the next item; undefined at the end. */
  next(): Promise<string | undefined>;
  /** The items up to the first of another namespace, in portions that are there at once. */
  take(namespace: string): AsyncIterable<readonly T[]>;
}

/** The pages of a collection as a stream. A page is asked for when the one before it has been taken. */
export function streamOf<T>(pages: AsyncIterable<readonly T[]>, namespaceOf: (item: T) => string): NamespacedStream<T> {
  const iterator = pages[Symbol.asyncIterator]();
  let page: readonly T[] = [];
  let at = 0;
  async function next(): Promise<string | undefined> {
    for (;;) {
      const item = page[at];
      if (item !== undefined) return namespaceOf(item);
      const result = await iterator.next();
      [page, at] = [result.done === true ? [] : result.value, 0];
      if (result.done === true) return undefined;
    }
  }
  return {
    next,
    async *take(namespace) {
      while ((await next()) === namespace) {
        const start = at;
        const other = page.findIndex((item, index) => index >= start && namespaceOf(item) !== namespace);
        at = other === -1 ? page.length : other;
        yield page.slice(start, at);
      }
    },
  };
}

/**
 * The namespaces that the streams have items of, in the order of the API server's keys. What a stream has of the one
 * that was given is to be taken before the next is asked for.
 */
export async function* namespacesOf(streams: readonly NamespacedStream<unknown>[]): AsyncGenerator<string> {
  for (;;) {
    const heads = await Promise.all(streams.map((stream) => stream.next()));
    const names = heads.filter((name) => name !== undefined);
    const [first, ...others] = names;
    if (first === undefined) return;
    yield others.reduce((least, name) => (isBefore(name, least) ? name : least), first);
  }
}

/** Keys are `…/namespace/name` in bytes, and `-` and `.` come before the slash: `a-b` is before `a`. */
const isBefore = (a: string, b: string): boolean => `${a}/` < `${b}/`;

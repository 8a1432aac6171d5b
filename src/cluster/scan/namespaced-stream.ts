/** The items of one collection, read namespace by namespace. */
export interface NamespacedStream<T> {
  /** The namespace of the next item; undefined at the end. */
  next(): Promise<string | undefined>;
  /** Passes over the items of all namespaces before this one. */
  skipTo(namespace: string): Promise<void>;
  /** The items up to the next namespace, in available chunks. */
  take(namespace: string): AsyncIterable<readonly T[]>;
}

/** The pages of a collection as a stream. A page is requested after the previous one was consumed. */
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
    async skipTo(namespace) {
      for (let own = await next(); own !== undefined && isBefore(own, namespace); own = await next()) at += 1;
    },
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
 * The namespaces of the streams' items, in the order of the API server's keys. The items of one namespace must be
 * consumed before the next is requested.
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

/** Keys are `…/namespace/name`, compared by byte; because `-` and `.` sort before the slash, `a-b` comes before `a`. */
const isBefore = (a: string, b: string): boolean => `${a}/` < `${b}/`;

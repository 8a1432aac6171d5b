/** An object as the API server keeps it. */
export interface KubeObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface FakeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: KubeObject;
}

/** The objects of a collection in the order of their keys, and what happened to them. */
export interface FakeCollection {
  readonly kind: string;
  readonly count: number;
  readonly version: number;
  /** What happened up to this version is forgotten. */
  readonly forgotten: number;
  /** From the index on, at most so many. */
  slice(from: number, limit: number): readonly KubeObject[];
  since(version: number): readonly FakeEvent[];
  put(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** As after a compaction: watches from before now, and lists that began before now, are too old. */
  forget(): void;
  onEvent(listener: (event: FakeEvent) => void): () => void;
}

/** Objects that are stored. */
export function storedObjects(kind: string, objects: readonly KubeObject[]): FakeCollection {
  const stored = new Map<string, KubeObject>();
  let order: string[] | undefined;
  let events: FakeEvent[] = [];
  let version = 100;
  let forgotten = 0;
  const listeners = new Set<(event: FakeEvent) => void>();
  function store(object: KubeObject): KubeObject {
    const kept = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    if (!stored.has(keyOf(object))) order = undefined;
    stored.set(keyOf(object), kept);
    return kept;
  }
  function happen(type: FakeEvent['type'], object: KubeObject): void {
    const event = { type, version, object };
    events.push(event);
    for (const listener of listeners) listener(event);
  }
  for (const object of objects) store(object);
  return {
    kind,
    get count() {
      return stored.size;
    },
    get version() {
      return version;
    },
    get forgotten() {
      return forgotten;
    },
    slice(from, limit) {
      order ??= [...stored.keys()].toSorted();
      return order.slice(from, from + limit).flatMap((key) => stored.get(key) ?? []);
    },
    since: (from) => events.filter((event) => event.version > from),
    put(object) {
      version += 1;
      const type = stored.has(keyOf(object)) ? 'MODIFIED' : 'ADDED';
      happen(type, store(object));
    },
    remove(object) {
      version += 1;
      stored.delete(keyOf(object));
      order = undefined;
      happen('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
    },
    forget() {
      version += 1;
      forgotten = version;
      events = [];
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Objects that are made when a page asks for them, in any number; nothing ever happens to them. */
export function generatedObjects(kind: string, count: number, make: (index: number) => KubeObject): FakeCollection {
  let forgotten = 0;
  let version = 100;
  return {
    kind,
    count,
    get version() {
      return version;
    },
    get forgotten() {
      return forgotten;
    },
    slice: (from, limit) =>
      Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, index) => make(from + index)),
    since: () => [],
    put: unchangeable,
    remove: unchangeable,
    forget() {
      version += 1;
      forgotten = version;
    },
    onEvent: () => () => undefined,
  };
}

const keyOf = ({ metadata: { namespace = '', name } }: KubeObject): string => `${namespace}/${name}`;

function unchangeable(): never {
  throw new Error('generated objects do not change');
}

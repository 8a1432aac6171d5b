import jsonPatch from 'fast-json-patch';
import { type ApiClient, ApiError, type WatchEvent } from '../../../src/cluster/api/api-client.ts';
import type { KubeObject } from './fake-collection.ts';

/** What a client asks of the store. */
export interface StoreCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** It is an apply, which creates what is not there. */
  readonly isApply?: boolean;
}

/** What stands between a client and the store: it may take its time, do something in between, or throw an ApiError. */
export interface Way {
  readonly there?: (call: StoreCall) => void | Promise<void>;
  readonly back?: (call: StoreCall) => void | Promise<void>;
}

/** An API server without HTTP: single objects by their paths, with versions and the conflicts that follow from them. */
export interface FakeStore {
  client(way?: Way): ApiClient;
  get<T = KubeObject>(path: string): T | undefined;
  /** Makes or replaces an object, whatever its version. */
  put(path: string, object: object): void;
  remove(path: string): void;
  /** All that clients asked for but what they watch. */
  readonly calls: readonly StoreCall[];
  /** The writes among the calls, as `PATCH podwright`. */
  writes(): string[];
}

interface List {
  readonly items: readonly unknown[];
}

interface StoreEvent extends WatchEvent {
  readonly path: string;
  readonly version: number;
}

export function openStore(): FakeStore {
  const objects = new Map<string, KubeObject>();
  const events: StoreEvent[] = [];
  const calls: StoreCall[] = [];
  let version = 100;
  let happened = Promise.withResolvers<void>();

  function tell(type: string, path: string, object: unknown): void {
    events.push({ type, path, object, version });
    happened.resolve();
    happened = Promise.withResolvers();
  }
  function put(path: string, object: object): KubeObject {
    version += 1;
    const { metadata, ...others } = structuredClone(object) as KubeObject;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const stored = { ...others, metadata: { ...metadata, name, resourceVersion: String(version) } };
    const type = objects.has(path) ? 'MODIFIED' : 'ADDED';
    objects.set(path, stored);
    tell(type, path, stored);
    return stored;
  }
  function remove(path: string): void {
    version += 1;
    const object = objects.get(path);
    objects.delete(path);
    tell('DELETED', path, object);
  }
  function found(path: string): KubeObject {
    const object = objects.get(path);
    if (object === undefined) throw new ApiError(`${path} not found`, { status: 404 });
    return object;
  }
  function write({ method, path, body, isApply }: StoreCall): KubeObject {
    if (isApply === true && !objects.has(path)) return put(path, body as KubeObject);
    if (method === 'POST') {
      const target = `${path}/${(body as KubeObject).metadata.name}`;
      if (objects.has(target)) throw new ApiError(`${target} already exists`, { status: 409 });
      return put(target, body as KubeObject);
    }
    const before = found(path);
    if (method === 'PATCH' && Array.isArray(body)) return put(path, patched(before, body as jsonPatch.Operation[]));
    const { resourceVersion } = (body as KubeObject).metadata;
    if (resourceVersion !== undefined && resourceVersion !== before.metadata['resourceVersion'])
      throw new ApiError('the object has been modified', { status: 409 });
    return put(path, method === 'PUT' ? (body as KubeObject) : (merged(before, body) as KubeObject));
  }
  async function ask<T>(call: StoreCall, way: Way, answer: () => T): Promise<T> {
    calls.push(call);
    await way.there?.(call);
    const result = structuredClone(answer());
    await way.back?.(call);
    return result;
  }
  async function* follow(path: string, name: string, from: number, signal?: AbortSignal): AsyncGenerator<WatchEvent> {
    const ended = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    for (let seen = from; ; ) {
      signal?.throwIfAborted();
      const { promise } = happened;
      for (const { type, object, version: at } of events.filter((event) => event.path === `${path}/${name}`))
        if (at > seen) {
          seen = at;
          yield { type, object };
        }
      await Promise.race([promise, ended]);
    }
  }
  return {
    client: (way = {}) => ({
      get(path, query = {}) {
        const name = nameIn(query['fieldSelector']);
        return ask({ method: 'GET', path }, way, () =>
          name === undefined
            ? found(path)
            : {
                metadata: { resourceVersion: String(version) },
                items: [objects.get(`${path}/${name}`)].filter(Boolean),
              },
        );
      },
      async *items(path) {
        yield (await ask({ method: 'GET', path }, way, () => found(path) as KubeObject & List)).items;
      },
      send: (method, path, body, { contentType } = {}) => {
        const call = { method, path, body, ...(contentType === 'application/apply-patch+yaml' && { isApply: true }) };
        return ask(call, way, () => write(call));
      },
      watch: (path, query, { signal }) =>
        follow(path, nameIn(query['fieldSelector']) ?? '', Number(query['resourceVersion']), signal),
    }),
    get: <T>(path: string) => objects.get(path) as T | undefined,
    put: (path, object) => void put(path, object),
    remove,
    calls,
    writes: () =>
      calls
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.slice(path.lastIndexOf('/') + 1)}`),
  };
}

const nameIn = (fieldSelector: unknown): string | undefined =>
  typeof fieldSelector === 'string' ? fieldSelector.replace('metadata.name=', '') : undefined;

/** As RFC 6902 has it; a `test` that fails is 422. */
function patched(object: KubeObject, operations: jsonPatch.Operation[]): KubeObject {
  try {
    return jsonPatch.applyPatch(structuredClone(object), operations).newDocument;
  } catch (error) {
    throw new ApiError((error as Error).message, { status: 422 });
  }
}

/** As RFC 7386 has it. */
function merged(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...Object(target) };
  for (const [key, value] of Object.entries(patch))
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  return result;
}

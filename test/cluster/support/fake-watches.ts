import type { ServerResponse } from 'node:http';
import type { FakeRequest } from './fake-api.ts';
import type { FakeCollection, FakeEvent } from './fake-collection.ts';
import { metadataOf, partialKind, statusOf } from './fake-list.ts';

/** The watches that are open. */
export interface FakeWatches {
  /** How many watches are open that are sent what happens. */
  count(path: string): number;
  open(request: FakeRequest, response: ServerResponse, collection: FakeCollection): void;
  bookmark(): void;
  /** From now on those that are open get nothing, and do not end. */
  silence(): void;
  /** Ends them in order. */
  end(): void;
  /** Breaks their connections. */
  cut(): void;
  /** Sends an event of type ERROR, and ends them. */
  fail(code: number, message: string): void;
}

interface OpenWatch {
  readonly path: string;
  readonly response: ServerResponse;
  readonly send: (type: string, object: unknown) => void;
  readonly bookmark: () => void;
  readonly stop: () => void;
}

export function openWatches(): FakeWatches {
  const watches = new Set<OpenWatch>();
  function takeAll(): OpenWatch[] {
    const all = [...watches];
    for (const { stop } of all) stop();
    return all;
  }
  return {
    count: (path) => [...watches].filter((watch) => watch.path === path).length,
    open(request, response, collection) {
      const kind = partialKind(request);
      if (kind !== undefined && kind !== 'PartialObjectMetadata') return void response.writeHead(406).end();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const send = (type: string, object: unknown): void =>
        void response.write(`${JSON.stringify({ type, object })}\n`);
      const from = Number(request.query.get('resourceVersion') ?? 0);
      if (from < collection.forgotten) {
        send('ERROR', {
          ...statusOf(410, `too old resource version: ${from} (${collection.version})`),
          reason: 'Expired',
        });
        return void response.end();
      }
      const tell = ({ type, object }: FakeEvent): void => send(type, kind === undefined ? object : metadataOf(object));
      for (const event of collection.since(from)) tell(event);
      const unsubscribe = collection.onEvent(tell);
      const watch: OpenWatch = {
        path: request.path,
        response,
        send,
        bookmark() {
          if (request.query.get('allowWatchBookmarks') === 'true')
            send('BOOKMARK', {
              kind: collection.kind,
              apiVersion: 'v1',
              metadata: { resourceVersion: String(collection.version) },
            });
        },
        stop() {
          unsubscribe();
          watches.delete(watch);
        },
      };
      watches.add(watch);
      response.on('close', watch.stop);
    },
    bookmark() {
      for (const watch of watches) watch.bookmark();
    },
    silence: () => void takeAll(),
    end() {
      for (const { response } of takeAll()) response.end();
    },
    cut() {
      for (const { response } of takeAll()) response.socket?.destroy();
    },
    fail(code, message) {
      for (const { response, send } of takeAll()) {
        send('ERROR', statusOf(code, message));
        response.end();
      }
    },
  };
}

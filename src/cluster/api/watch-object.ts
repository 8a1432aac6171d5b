import type { KubernetesObject } from '@kubernetes/client-node';
import { type CollectionOptions, watchCollection } from './watch-collection.ts';

export interface ObjectOptions
  extends Pick<
    CollectionOptions<unknown>,
    'client' | 'resource' | 'path' | 'ifRejected' | 'idleMs' | 'backoff' | 'metrics' | 'log'
  > {
  readonly name: string;
  readonly onChange: () => void;
}

/** The current state of one object in the cluster, as far as it is known. */
export interface WatchedObject<T> {
  /** `unread` until the first response, `unreadable` if that was an error; once read, the last state is kept. */
  readonly state: T | 'absent' | 'unread' | 'unreadable';
  close(): void;
}

/** Watches one object of the collection at `path`. */
export function watchObject<T extends KubernetesObject>(options: ObjectOptions): WatchedObject<T> {
  const { name, onChange, ...shared } = options;
  const { resource, log } = shared;
  let state: WatchedObject<T>['state'] = 'unread';
  function become(found: WatchedObject<T>['state']): void {
    const isNews = versionOf(found) !== versionOf(state);
    if (found === 'absent' && typeof state !== 'string') log.warn({ resource, name }, 'it was deleted');
    state = found;
    if (isNews) onChange();
  }
  const watched = watchCollection<T>({
    ...shared,
    query: { fieldSelector: `metadata.name=${name}` },
    read: (object) => object as T,
    onReplace: ([object]) => become(object ?? 'absent'),
    onUpsert: become,
    onDelete: () => become('absent'),
    onRejected() {
      if (state === 'unread') become('unreadable');
    },
  });
  return {
    get state() {
      return state;
    },
    close: watched.close,
  };
}

const versionOf = (state: KubernetesObject | string): string | undefined =>
  typeof state === 'string' ? state : state.metadata?.resourceVersion;

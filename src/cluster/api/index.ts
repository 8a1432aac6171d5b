export {
  type ApiClient,
  type CallOptions,
  openApiClient,
} from './api-client.ts';
export { ApiError, isConflict, isRejection, statusOf, unlessRejected } from './api-error.ts';
export { type Clock, systemClock } from './clock.ts';
export { type ClusterAccess, loadConfig } from './kube-config.ts';
export { listPages } from './list-pages.ts';
export { type Backoff, onceAMinute, openRetries, type Retries, repeat } from './retry.ts';
export {
  type CollectionOptions,
  type WatchedCollection,
  type WatchMetrics,
  watchCollection,
} from './watch-collection.ts';
export { type ObjectOptions, type WatchedObject, watchObject } from './watch-object.ts';

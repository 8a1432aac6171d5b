export { type ClusterStatus, openClusterStatus, type StatusOptions } from './cluster-status.ts';
export type { ObservedServer } from './observation.ts';

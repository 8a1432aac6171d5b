export { type ClusterStatus, type ObservedServer, openClusterStatus, type StatusOptions } from './cluster-status.ts';

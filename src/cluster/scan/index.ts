export { namespacesOf } from './by-namespace.ts';
export { excludedNamespaces } from './excluded-namespaces.ts';
export { openObjectStreams, type StreamOptions } from './object-streams.ts';
export { serverPace, serverPageSize } from './pace.ts';
export { type ReadCluster, readSurroundings } from './read-surroundings.ts';
export { type ClusterScan, type ScanProgress, scanCluster, scanUnder } from './scan-cluster.ts';
export type { Unreadable } from './workload-collections.ts';

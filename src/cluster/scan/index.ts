export type { ClusterReadOptions, Unreadable } from './collection.ts';
export { excludedNamespaces, exclusionBy } from './excluded-namespaces.ts';
export { namespacesOf } from './namespaced-stream.ts';
export { openObjectStreams } from './object-streams.ts';
export { type PacedWork, pacedWork, serverPace, serverPageSize } from './pace.ts';
export { type ReadCluster, readSurroundings } from './read-surroundings.ts';
export { type Alongside, type ClusterScan, type ScanProgress, scanCluster, scanUnder } from './scan-cluster.ts';

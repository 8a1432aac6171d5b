export type { Unreadable } from './collection.ts';
export { excludedNamespaces, exclusionBy } from './excluded-namespaces.ts';
export { serverPace, serverPageSize } from './pace.ts';
export { type ReadCluster, readSurroundings } from './read-surroundings.ts';
export { type ClusterScan, type ScanProgress, scanCluster, scanUnder } from './scan-cluster.ts';

export type { BackgroundScan } from './background-scan.ts';
export { openClusterScan, type ScanOptions } from './cluster-scan.ts';

export type { BackgroundScan, FinishedScan } from './background-scan.ts';
export { openClusterScan, type ScanOptions } from './cluster-scan.ts';
export { byMode } from './scan-summary.ts';

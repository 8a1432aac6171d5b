export type { BackgroundScan, FinishedScan } from './background-scan.ts';
export { type ClusterScanning, openClusterScan, type ScanOptions } from './cluster-scan.ts';
export { addScanPage } from './page-route.ts';
export { byMode } from './scan-summary.ts';

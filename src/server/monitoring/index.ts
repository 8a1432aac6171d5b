export { type ClusterMetrics, createClusterMetrics } from './cluster-metrics.ts';
export { createLog, type LogLevel } from './log.ts';
export { logOutput } from './log-output.ts';
export { metricFactory } from './metric-factory.ts';
export { type ClientRejection, createMetrics, type Metrics } from './metrics.ts';
export { buildMonitoring } from './monitoring.ts';

export { runningWorkloads } from './running-workloads.ts';
export { watchPodMetrics } from './watch-pod-metrics.ts';

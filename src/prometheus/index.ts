export { openPrometheus } from './prometheus-client.ts';
export { PrometheusError } from './prometheus-error.ts';
export { readUsage } from './read-usage.ts';

export type { ContainerUsage, Percentiles } from './container-usage.ts';
export { type Figure, type IgnoredSamples, openIgnoredSamples, plausibleAmount } from './ignored-samples.ts';
export {
  type Proposal,
  type Recommendation,
  type RecommendedContainer,
  recommend,
  type Unproposed,
} from './recommend.ts';
export { openUsageLog, type UsageLog, type UsageReading } from './usage-log.ts';
export { openUsageRollUp, type UsageRollUp } from './usage-roll-up.ts';
export type { SharedUsage } from './workload-usage.ts';

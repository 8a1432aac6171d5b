import type { Percentiles } from '../audit/usage/index.ts';

/** The queries about the containers of a namespace. */
export interface UsageQuestion {
  readonly namespace: string;
  /** How far to look back, in seconds. */
  readonly windowSeconds: number;
  readonly percentiles: Percentiles;
  /** Label matchers that every series must have, such as `cluster="a"`; empty for all. */
  readonly matchers: string;
}

/** One expression per figure, each for all Pods of the namespace. */
export interface UsageQueries {
  readonly cpu: string;
  readonly memory: string;
  readonly peakMemory: string;
  /** The first time in the window, in seconds since 1970. */
  readonly since: string;
  /** For how long there are values. */
  readonly seconds: string;
  readonly throttled: string;
}

/** Of a week, every five minutes. */
const mostSteps = 2000;
const shortestStepMs = 15_000;
const shortestRateMs = 300_000;

/**
 * Containers that were restarted, and those that two jobs scrape, have several series; each figure is that of the largest.
 * The series of whole Pods and of their sandboxes have no container, or one that is called POD.
 */
export function usageQueries({ namespace, windowSeconds, percentiles, matchers }: UsageQuestion): UsageQueries {
  const { window, stepMs } = wholeSteps(windowSeconds);
  const over = `[${window}s:${stepMs}ms]`;
  const rate = `[${Math.max(shortestRateMs, 2 * stepMs)}ms]`;
  const series = (metric: string): string =>
    `${metric}{namespace=${quoted(namespace)},container!="",container!="POD"${matchers === '' ? '' : `,${matchers}`}}`;
  const perContainer = (expression: string): string => `max by (namespace, pod, container) (${expression})`;
  const memory = perContainer(series('container_memory_working_set_bytes'));
  const periods = (kind: string): string =>
    perContainer(`increase(${series(`container_cpu_cfs_${kind}`)}[${window}s])`);
  const peakMemory = perContainer(`max_over_time(${series('container_memory_working_set_bytes')}[${window}s])`);
  return {
    cpu: `quantile_over_time(${percentiles.cpu / 100}, ${perContainer(`rate(${series('container_cpu_usage_seconds_total')}${rate}`)})${over})`,
    // between the steps there may be more
    memory:
      percentiles.memory === 100 ? peakMemory : `quantile_over_time(${percentiles.memory / 100}, ${memory}${over})`,
    peakMemory,
    since: `min_over_time(timestamp(${memory})${over})`,
    seconds: `count_over_time(${memory}${over}) * ${stepMs / 1000}`,
    throttled: `${periods('throttled_periods_total')} / ${periods('periods_total')}`,
  };
}

/** The window, rounded up so that it has whole steps; otherwise less than all of it would count as watched. */
function wholeSteps(windowSeconds: number): { readonly window: number; readonly stepMs: number } {
  const fewest = (shortestStepMs * mostSteps) / 1000;
  const unit = windowSeconds <= fewest ? shortestStepMs / 1000 : mostSteps / 1000;
  const window = Math.ceil(windowSeconds / unit) * unit;
  return { window, stepMs: Math.max(shortestStepMs, (window * 1000) / mostSteps) };
}

const quoted = (text: string): string => JSON.stringify(text);

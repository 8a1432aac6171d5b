import type { Counter } from 'prom-client';

/** Counts by label values. Each series is looked up once, because the client library sorts and hashes labels on every call. */
export function seriesOf<Label extends string>(counter: Counter<Label>): (...values: string[]) => Counter.Internal {
  const known = new Map<string, Counter.Internal>();
  return (...values) => {
    const key = values.join(' ');
    const series = known.get(key) ?? counter.labels(...values);
    known.set(key, series);
    return series;
  };
}

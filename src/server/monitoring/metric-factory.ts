import { Counter, Gauge, type Registry } from 'prom-client';

/** Creates metrics in one registry; each name gets the prefix `podwright_`. */
export interface MetricFactory {
  counter(name: string, help: string, ...labelNames: string[]): Counter;
  gauge(name: string, help: string, ...labelNames: string[]): Gauge;
  /** A gauge that is read with every scrape; it has no series while the value is unknown. */
  measured(name: string, help: string, read: () => number | undefined): void;
}

export const metricFactory = (registry: Registry): MetricFactory => ({
  counter: (name, help, ...labelNames) =>
    new Counter({ name: `podwright_${name}`, help, labelNames, registers: [registry] }),
  gauge: (name, help, ...labelNames) =>
    new Gauge({ name: `podwright_${name}`, help, labelNames, registers: [registry] }),
  measured: (name, help, read) =>
    void new Gauge({
      name: `podwright_${name}`,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    }),
});

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

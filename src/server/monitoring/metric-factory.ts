import { Counter, type CounterConfiguration, Gauge, type Registry } from 'prom-client';

/** Counts for one series of a counter. */
export interface Series {
  add(count: number): void;
}

/** Creates metrics in one registry; each name gets the prefix `podwright_`. */
export interface MetricFactory {
  counter(name: string, help: string, ...labelNames: string[]): Counter;
  /** A counter for frequent use, by its label values. Each series starts at 0 when it is first asked for. */
  series(name: string, help: string, ...labelNames: string[]): (...values: string[]) => Series;
  gauge(name: string, help: string, ...labelNames: string[]): Gauge;
  /** A gauge that is read with every scrape; it has no series while the value is unknown. */
  measured(name: string, help: string, read: () => number | undefined): void;
}

/** A factory for metrics in this registry. */
export const metricFactory = (registry: Registry): MetricFactory => ({
  counter: (name, help, ...labelNames) =>
    new Counter({ name: `podwright_${name}`, help, labelNames, registers: [registry] }),
  series: (name, help, ...labelNames) => seriesIn(registry, { name: `podwright_${name}`, help, labelNames }),
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

/** The counts of one series since the last scrape. */
interface PendingSeries extends Series {
  record(): void;
}

/** The client library validates and joins all labels with every count, so it gets the counts only with every scrape. */
function seriesIn(registry: Registry, config: Pick<CounterConfiguration<string>, 'name' | 'help' | 'labelNames'>) {
  const all: PendingSeries[] = [];
  const counter = new Counter({
    ...config,
    registers: [registry],
    collect() {
      for (const series of all) series.record();
    },
  });
  return byValues((values) => {
    const series = openSeries(counter.labels(...values));
    all.push(series);
    return series;
  });
}

function openSeries(child: Counter.Internal): PendingSeries {
  // scrapes list the series in the order of their first count
  child.inc(0);
  let pending = 0;
  return {
    add(count) {
      pending += count;
    },
    record() {
      child.inc(pending);
      pending = 0;
    },
  };
}

/** The branches by the next value, and what belongs to the values so far. */
interface Branch<T> {
  readonly next: Map<string, Branch<T>>;
  value?: T;
}

/** Creates something once for each list of values. */
function byValues<T>(create: (values: readonly string[]) => T): (...values: string[]) => T {
  const root: Branch<T> = { next: new Map() };
  return (...values) => {
    let branch = root;
    for (const value of values) branch = branchFor(branch, value);
    return (branch.value ??= create(values));
  };
}

function branchFor<T>({ next }: Branch<T>, value: string): Branch<T> {
  const known = next.get(value);
  if (known !== undefined) return known;
  const branch: Branch<T> = { next: new Map() };
  next.set(value, branch);
  return branch;
}

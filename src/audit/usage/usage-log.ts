import type { ContainerUsage, Percentiles } from './container-usage.ts';
import { Distribution } from './distribution.ts';
import type { IgnoredSamples } from './ignored-samples.ts';

/** The usage of a container of a Pod at one moment. */
export interface UsageReading {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Cores, on average over the window. */
  readonly cpu: number | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  /** The end of the window, in seconds since 1970. */
  readonly at: number;
  /** The length of the window in seconds. */
  readonly window: number;
}

/** Collects momentary readings. It keeps distributions, so its size does not depend on the number of readings. */
export interface UsageLog {
  /** Adds a reading, unless it is the previous one of that container again. */
  add(reading: UsageReading): void;
  usageIn(namespace: string, percentiles: Percentiles): ContainerUsage[];
}

interface Logged {
  readonly pod: string;
  readonly container: string;
  readonly cpu: Distribution;
  readonly memory: Distribution;
  readonly since: number;
  last: number;
  seconds: number;
}

/** After a longer pause, for example of a suspended computer, only this much counts as watched. */
const longestGap = 120;

/** A log that leaves implausible samples to `ignored`. */
export function openUsageLog(ignored: IgnoredSamples): UsageLog {
  const namespaces = new Map<string, Map<string, Logged>>();
  return {
    add(reading) {
      const { namespace, pod, container, at, window } = reading;
      const logged = namespaces.get(namespace) ?? new Map<string, Logged>();
      namespaces.set(namespace, logged);
      const key = `${pod}/${container}`;
      const since = at - window;
      const known = logged.get(key) ?? newlyLogged(pod, container, since);
      logged.set(key, known);
      if (at <= known.last) return;
      known.seconds += Math.min(at - known.last, Math.max(window, longestGap));
      known.last = at;
      const cpu = ignored.plausible('cpu', reading.cpu, reading);
      const memory = ignored.plausible('memory', reading.memory, reading);
      if (cpu !== undefined) known.cpu.add(cpu);
      if (memory !== undefined) known.memory.add(memory);
    },
    usageIn: (namespace, percentiles) =>
      [...(namespaces.get(namespace)?.values() ?? [])].map(({ pod, container, cpu, memory, since, seconds }) => ({
        pod,
        container,
        cpu: cpu.percentile(percentiles.cpu),
        memory: memory.percentile(percentiles.memory),
        peakMemory: memory.largest,
        since,
        seconds,
        throttled: undefined,
      })),
  };
}

const newlyLogged = (pod: string, container: string, since: number): Logged => ({
  pod,
  container,
  cpu: new Distribution(),
  memory: new Distribution(),
  since,
  last: since,
  seconds: 0,
});

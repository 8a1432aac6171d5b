/** What a container did, as cAdvisor counts it. */
export interface ContainerSeries {
  readonly namespace?: string;
  readonly pod: string;
  readonly container: string;
  /** Hours before now. */
  readonly from: number;
  readonly to?: number;
  /** Cores, by the hours before now. */
  readonly cores: (hoursAgo: number) => number;
  readonly mebibytes: (hoursAgo: number) => number;
  /** The share of CFS periods; absent without a CPU limit. */
  readonly throttled?: number;
  /** Further labels. */
  readonly labels?: Readonly<Record<string, string>>;
}

const step = 120;
/** In the future, so that a slow run does not see the series end. */
const untilTestsEnd = -0.5;
const names = [
  'container_cpu_usage_seconds',
  'container_memory_working_set_bytes',
  'container_cpu_cfs_periods',
  'container_cpu_cfs_throttled_periods',
] as const;

/** The series with a value every two minutes, in the OpenMetrics format. */
export function openMetrics(containers: readonly ContainerSeries[]): string {
  const now = Math.floor(Date.now() / 1000);
  const lines = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const each of containers) {
    const { namespace = 'shop', pod, container, from, to = untilTestsEnd, cores, mebibytes, throttled, labels } = each;
    const text = Object.entries({ namespace, pod, container, ...labels })
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(',');
    let used = 0;
    let periods = 0;
    for (let at = now - from * 3600; at <= now - to * 3600; at += step) {
      const hoursAgo = (now - at) / 3600;
      used += cores(hoursAgo) * step;
      periods += step * 10;
      lines.get(names[0])?.push(`${names[0]}_total{${text}} ${used} ${at}`);
      lines.get(names[1])?.push(`${names[1]}{${text}} ${mebibytes(hoursAgo) * 2 ** 20} ${at}`);
      if (throttled === undefined) continue;
      lines.get(names[2])?.push(`${names[2]}_total{${text}} ${periods} ${at}`);
      lines.get(names[3])?.push(`${names[3]}_total{${text}} ${periods * throttled} ${at}`);
    }
  }
  const families = [...lines].map(([name, all]) => {
    const type = name === names[1] ? 'gauge' : 'counter';
    return all.length === 0 ? '' : `# TYPE ${name} ${type}\n${all.join('\n')}\n`;
  });
  return `${families.join('')}# EOF\n`;
}

import type { ContainerUsage } from '../audit/usage/index.ts';
import type { PrometheusClient, Sample } from './prometheus-client.ts';
import { type UsageQueries, type UsageQuestion, usageQueries } from './usage-queries.ts';

/**
 * The usage of the containers of a namespace, by one query per figure, however many Pods there are.
 * @throws PrometheusError
 */
export async function readUsage(client: PrometheusClient, question: UsageQuestion): Promise<ContainerUsage[]> {
  const queries = usageQueries(question);
  const names = Object.keys(queries) as (keyof UsageQueries)[];
  const answers = await Promise.all(names.map((name) => client.query(queries[name])));
  const found = new Map<string, ReadContainer>();
  names.forEach((name, index) => {
    for (const { labels, value } of answers[index] ?? []) containerFor(labels, found).figures[name] = value;
  });
  return [...found.values()].map(({ pod, container, figures }) => {
    const { cpu, memory, peakMemory, since = 0, seconds = 0, throttled } = figures;
    return {
      pod,
      container,
      cpu,
      memory,
      peakMemory,
      since,
      seconds: Math.min(seconds, question.windowSeconds),
      throttled,
    };
  });
}

interface ReadContainer {
  readonly pod: string;
  readonly container: string;
  readonly figures: Partial<Record<keyof UsageQueries, number>>;
}

function containerFor(
  { pod = '', container = '' }: Sample['labels'],
  found: Map<string, ReadContainer>,
): ReadContainer {
  const key = `${pod}/${container}`;
  const known = found.get(key) ?? { pod, container, figures: {} };
  found.set(key, known);
  return known;
}

import type { ContainerUsage, IgnoredSamples } from '../audit/usage/index.ts';
import type { PrometheusClient, Sample } from './prometheus-client.ts';
import { type UsageQueries, type UsageQuestion, usageQueries } from './usage-queries.ts';

/**
 * The usage of the containers of a namespace, by one query per figure, however many Pods there are. Samples that no
 * container can have used are left to `ignored`.
 * @throws PrometheusError
 */
export async function readUsage(
  client: PrometheusClient,
  question: UsageQuestion,
  ignored: IgnoredSamples,
): Promise<ContainerUsage[]> {
  const { namespace } = question;
  const queries = usageQueries(question);
  const names = Object.keys(queries) as (keyof UsageQueries)[];
  const answers = await Promise.all(names.map((name) => client.query(queries[name], `namespace ${namespace}`)));
  const found = new Map<string, ReadContainer>();
  names.forEach((name, index) => {
    for (const { labels, value } of answers[index] ?? []) {
      if (!labels['pod'] || !labels['container']) continue;
      const { pod, container, figures } = containerFor(labels, found);
      // a container that had no period was not throttled in any share of them
      if (name === 'throttled' && Number.isNaN(value)) continue;
      figures[name] = ignored.plausible(name, value, { namespace, pod, container });
    }
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
  readonly figures: Partial<Record<keyof UsageQueries, number | undefined>>;
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

import type { ContainerUsage, IgnoredSamples } from '../audit/usage/index.ts';
import type { PrometheusClient, Sample } from './prometheus-client.ts';
import { type UsageQueries, type UsageQuestion, usageQueries } from './usage-queries.ts';

/** How many queries run at a time: each answer can be large, and is held until it has been read. */
const atOnce = 2;

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
  const found = new Map<string, ReadContainer>();
  function take(name: keyof UsageQueries, samples: readonly Sample[]): void {
    for (const { labels, value } of samples) {
      if (!labels['pod'] || !labels['container']) continue;
      const { pod, container, figures } = containerFor(labels, found);
      // a container that had no period was not throttled in any share of them
      if (name === 'throttled' && Number.isNaN(value)) continue;
      figures[name] = ignored.plausible(name, value, { namespace, pod, container });
    }
  }
  for (let at = 0; at < names.length; at += atOnce) {
    const some = names.slice(at, at + atOnce);
    const answers = await Promise.all(some.map((name) => client.query(queries[name], `namespace ${namespace}`)));
    some.forEach((name, index) => take(name, answers[index] ?? []));
  }
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

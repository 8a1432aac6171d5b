import type { UsageReading } from '../../audit/usage/index.ts';
import { parseQuantity } from '../../subject/quantity.ts';
import type { ApiClient } from '../api/index.ts';

/** The fields of `metrics.k8s.io/v1beta1` PodMetrics that are read, from a server that may write anything there. */
interface PodMetrics {
  readonly metadata?: { readonly namespace?: unknown; readonly name?: unknown } | null;
  readonly timestamp?: unknown;
  /** A Go duration such as `15.04s`. */
  readonly window?: unknown;
  readonly containers?: unknown;
}

interface ContainerMetrics {
  readonly name?: unknown;
  readonly usage?: { readonly cpu?: unknown; readonly memory?: unknown } | null;
}

/** The response has the Pods of a whole cluster, because this API has no pages. */
const timeoutMs = 120_000;

/**
 * The current usage of all containers of a namespace or the whole cluster, in one request and as it arrives.
 * @throws ApiError, with status 404 if the cluster has no metrics API and 503 if it is down.
 */
export async function* podMetrics(
  client: ApiClient,
  namespace: string | undefined,
): AsyncGenerator<readonly UsageReading[]> {
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  for await (const items of client.items(`/apis/metrics.k8s.io/v1beta1${within}/pods`, { timeoutMs }))
    yield items.flatMap(readingsOf);
}

function readingsOf(item: unknown): UsageReading[] {
  const { metadata, timestamp, window, containers } = Object(item) as PodMetrics;
  const { namespace, name: pod } = metadata ?? {};
  const at = Date.parse(String(timestamp)) / 1000;
  if (typeof namespace !== 'string' || typeof pod !== 'string' || Number.isNaN(at) || !Array.isArray(containers))
    return [];
  return (containers as readonly (ContainerMetrics | null)[]).flatMap((each) => {
    const { name: container, usage } = each ?? {};
    if (typeof container !== 'string') return [];
    const [cpu, memory] = [amountOf(usage?.cpu), amountOf(usage?.memory)];
    return [{ namespace, pod, container, cpu, memory, at, window: secondsOf(String(window)) }];
  });
}

function amountOf(value: unknown): number | undefined {
  const quantity = parseQuantity(value);
  return quantity === undefined ? undefined : Number(quantity) / 1e9;
}

/** The seconds of a Go duration; zero for any other text. */
function secondsOf(duration: string): number {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(duration);
  const [, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(milliseconds) / 1000;
}

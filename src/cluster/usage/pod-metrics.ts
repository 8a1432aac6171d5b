import type { UsageReading } from '../../audit/usage/index.ts';
import { parseQuantity } from '../../subject/quantity.ts';
import type { ApiClient } from '../api/index.ts';

/** The fields of `metrics.k8s.io/v1beta1` PodMetrics that are read. */
interface PodMetrics {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
  readonly timestamp?: string;
  /** A Go duration such as `15.04s`. */
  readonly window?: string;
  readonly containers?: readonly {
    readonly name?: string;
    readonly usage?: { readonly cpu?: string; readonly memory?: string };
  }[];
}

/** The response has the Pods of a whole cluster, because this API has no pages. */
const timeoutMs = 120_000;

/**
 * The current usage of all containers of a namespace or the whole cluster, in one request.
 * @throws ApiError, with status 404 if the cluster has no metrics API and 503 if it is down.
 */
export async function readPodMetrics(client: ApiClient, namespace: string | undefined): Promise<UsageReading[]> {
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  const list = await client.get(`/apis/metrics.k8s.io/v1beta1${within}/pods`, {}, { timeoutMs });
  const { items } = Object(list) as { readonly items?: readonly PodMetrics[] | null };
  return (items ?? []).flatMap(readingsOf);
}

function readingsOf({ metadata, timestamp = '', window = '', containers = [] }: PodMetrics): UsageReading[] {
  const at = Date.parse(timestamp) / 1000;
  if (Number.isNaN(at) || metadata?.name === undefined) return [];
  const { namespace = '', name: pod } = metadata;
  return containers.map(({ name: container = '', usage = {} }) => ({
    namespace,
    pod,
    container,
    cpu: amountOf(usage.cpu),
    memory: amountOf(usage.memory),
    at,
    window: secondsOf(window),
  }));
}

function amountOf(text: string | undefined): number | undefined {
  const quantity = parseQuantity(text);
  return quantity === undefined ? undefined : Number(quantity) / 1e9;
}

/** The seconds of a Go duration; zero for any other text. */
function secondsOf(duration: string): number {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(duration);
  const [, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(milliseconds) / 1000;
}

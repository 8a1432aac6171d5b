import {
  type ContainerUsage,
  type IgnoredSamples,
  openIgnoredSamples,
  openUsageLog,
  type Percentiles,
} from '../audit/usage/index.ts';
import type { ApiClient } from '../cluster/api/index.ts';
import { readWhole } from '../files/read-whole.ts';
import { openPrometheus, readUsage } from '../prometheus/index.ts';
import { durationText, secondsIn } from './output/duration-text.ts';
import type { ProgressLine } from './progress-line.ts';

/** The command line's selection of a source, times in seconds. */
export interface UsageSourceOptions {
  readonly prometheus?: string;
  readonly prometheusTokenFile?: string;
  readonly prometheusMatchers?: string;
  readonly window?: number;
  readonly watchFor?: number;
  readonly minimumTime?: number;
  readonly namespace?: string;
}

/** Where usage is read from. */
export interface UsageSource {
  /** In words, with how long it was watched at most. */
  readonly name: string;
  /** The advice if it has no usage at all. */
  readonly advice: string;
  /** Samples so far that no container can have used. */
  readonly ignored: IgnoredSamples;
  usageIn(namespace: string): Promise<readonly ContainerUsage[]>;
}

const usualWindow = secondsIn.w;
/** Containers that were watched for less time have no proposal. */
export const usualMinimum: number = secondsIn.d;

/** Why the options contradict each other, if so. */
export function problemOfSource(options: UsageSourceOptions): string | undefined {
  const { prometheus, prometheusTokenFile, prometheusMatchers, window, watchFor, minimumTime = usualMinimum } = options;
  const [flag, longest] = prometheus === undefined ? ['--watch-for', watchFor] : ['--window', window];
  if (longest !== undefined && longest < minimumTime)
    return `${flag} ${durationText(longest)} is shorter than --minimum-time ${durationText(minimumTime)}, so nothing could be proposed`;
  if (prometheus === undefined) {
    if (window !== undefined) return '--window needs --prometheus; for metrics.k8s.io specify --watch-for';
    if (prometheusTokenFile !== undefined || prometheusMatchers !== undefined)
      return '--prometheus-token-file and --prometheus-matchers need --prometheus';
    return undefined;
  }
  if (watchFor !== undefined) return '--watch-for is for metrics.k8s.io; with --prometheus specify --window';
  if (window === 0) return '--window must be longer than 0s';
  return addressFault(prometheus);
}

/** The problem with an address; it may contain secrets, so it is not quoted. */
function addressFault(written: string): string | undefined {
  const address = URL.parse(written);
  if (address === null || !/^https?:$/.test(address.protocol))
    return '--prometheus must be an address such as http://localhost:9090';
  const { username, password, search, hash } = address;
  if (search !== '' || hash !== '') return '--prometheus must not have a query or a fragment; omit ? or # and the rest';
  try {
    decodeURIComponent(username + password);
    return undefined;
  } catch {
    return '--prometheus has a user or password that is not percent-encoded; write % as %25';
  }
}

/** Prometheus, queried for one namespace after another. */
export async function prometheusSource(
  url: string,
  { prometheusTokenFile, prometheusMatchers = '', window = usualWindow }: UsageSourceOptions,
  percentiles: Percentiles,
): Promise<UsageSource | { readonly problem: string }> {
  const read = prometheusTokenFile === undefined ? { token: undefined } : await readToken(prometheusTokenFile);
  if ('problem' in read) return read;
  const client = openPrometheus({ url, token: read.token });
  const ignored = openIgnoredSamples();
  return {
    ignored,
    name: `Prometheus at ${client.server}, the last ${durationText(window)}`,
    advice: 'does it collect /metrics/cadvisor of the kubelets, with the labels namespace, pod and container?',
    usageIn: (namespace) =>
      readUsage(client, { namespace, windowSeconds: window, percentiles, matchers: prometheusMatchers }, ignored),
  };
}

const maxTokenBytes = 1024 * 1024;

async function readToken(file: string): Promise<{ readonly token: string } | { readonly problem: string }> {
  const content = await readWhole(file, { maxBytes: maxTokenBytes, shellPipes: true });
  if ('problem' in content) return { problem: `cannot read the token for Prometheus: ${content.problem}` };
  const token = content.bytes.toString().trim();
  // the error of a header with other characters would show the token
  return /^[!-~]+$/.test(token) ? { token } : { problem: `there is no token for Prometheus in ${file}` };
}

/**
 * The metrics API of the cluster, which only knows the present, after it has been watched.
 * @throws ApiError
 */
export async function metricsSource(
  client: ApiClient,
  { watchFor = 0, namespace }: UsageSourceOptions,
  percentiles: Percentiles,
  progress: ProgressLine<string>,
): Promise<UsageSource> {
  const { watchPodMetrics } = await import('../cluster/usage/index.ts');
  const { systemClock } = await import('../cluster/api/index.ts');
  const ignored = openIgnoredSamples();
  const log = openUsageLog(ignored);
  const onReading = (left: number): void => progress.show(`reading metrics.k8s.io, ${durationText(left)} left`);
  await watchPodMetrics(log, { client, namespace, clock: systemClock, forSeconds: watchFor, onReading });
  return {
    ignored,
    name: watchFor === 0 ? 'metrics.k8s.io, one reading' : `metrics.k8s.io, read for ${durationText(watchFor)}`,
    advice: 'metrics-server needs a minute after a Pod has started',
    usageIn: async (name) => log.usageIn(name, percentiles),
  };
}

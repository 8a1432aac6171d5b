import { PrometheusError } from './prometheus-error.ts';

/** One series of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks a server with the HTTP API of Prometheus, such as Thanos or Mimir. */
export interface PrometheusClient {
  /** Its address, without credentials. */
  readonly server: string;
  /**
   * The result of an instant query; `about` says in an error message what it is about. Values may be any number.
   * @throws PrometheusError, also if the answer is larger than 64 MiB.
   */
  query(expression: string, about: string): Promise<Sample[]>;
}

export interface PrometheusAccess {
  /** The address in front of `/api/v1/query`; user and password in it are sent as basic authentication. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
}

/** The fields of an answer that are read. */
interface Answer {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
}

interface Series {
  readonly metric?: Readonly<Record<string, string>> | null;
  readonly value?: readonly [number, string] | null;
}

/** A query over weeks takes long; Prometheus itself gives up after two minutes. */
const timeoutMs = 150_000;

export function openPrometheus({ url, token }: PrometheusAccess): PrometheusClient {
  const { server, basic } = addressIn(url);
  const credentials = token === undefined ? basic : `Bearer ${token}`;
  const authorization = credentials === undefined ? {} : { authorization: credentials };

  async function exchange(
    expression: string,
    about: string,
  ): Promise<{ readonly response: Response; readonly text: string }> {
    try {
      const response = await fetch(`${server}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expression }),
        headers: { accept: 'application/json', 'user-agent': 'podwright', ...authorization },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await textOf(response);
      if (text !== undefined) return { response, text };
      throw new PrometheusError(`Prometheus at ${server} answered with more than 64 MiB about ${about}; ${tooLarge}`);
    } catch (error) {
      if (error instanceof PrometheusError) throw error;
      const reason = reasonOf(error).replace(aboutNode, '');
      const next = /certificate|self-signed|CERT_/i.test(reason) ? `; ${caAdvice}` : '';
      throw new PrometheusError(`Prometheus at ${server} cannot be reached: ${reason}${next}`, { cause: error });
    }
  }
  return {
    server,
    async query(expression, about) {
      const { response, text } = await exchange(expression, about);
      const { status, error, data } = Object(parsed(text)) as Answer;
      const isAnswer = status === 'success' || status === 'error';
      if (!response.ok || status === 'error')
        throw new PrometheusError(rejectionOf(server, response, isAnswer ? error : undefined));
      if (status !== 'success' || data?.resultType !== 'vector' || !isVector(data.result))
        throw new PrometheusError(`${server} answered, but not as Prometheus does; ${advice}`);
      return data.result.map(sampleOf);
    },
  };
}

/** `fetch` rejects addresses with credentials. */
function addressIn(url: string): { readonly server: string; readonly basic: string | undefined } {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const basic = username === '' ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`;
  return { server: address.href.replace(/\/+$/, ''), basic };
}

/** Of some 200,000 containers. */
const maxBytes = 64 * 1024 * 1024;
const tooLarge = 'try a shorter --window or narrower --prometheus-matchers, or read other namespaces by --namespace';

/** The body as text, decompressed; undefined if it is too large, and then the rest is not read. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  return parts.join('');
}

const isVector = (result: unknown): result is readonly Series[] => Array.isArray(result) && result.every(isSeries);

function isSeries(series: unknown): boolean {
  const { metric } = Object(series) as Series;
  return (
    typeof series === 'object' &&
    series !== null &&
    Object.values(Object(metric)).every((label) => typeof label === 'string')
  );
}

const sampleOf = ({ metric, value }: Series): Sample => ({ labels: metric ?? {}, value: numberOf(value?.[1]) });

/** Prometheus writes `+Inf` and `-Inf`. */
const numberOf = (text: unknown): number => Number(String(text).replace(/Inf$/, 'Infinity'));

/** Advice of Node.js that does not concern users. */
const aboutNode = /; if the root CA is installed locally.*/;
const caAdvice = 'for a CA of your own, set NODE_EXTRA_CA_CERTS to its file';
const advice = 'is the address the one in front of /api/v1/query?';

/** Advice for an HTTP status. */
const advices: Readonly<Record<number, string>> = {
  400: 'is --prometheus-matchers a list such as cluster="a",job="b"?',
  401: 'pass a token with --prometheus-token-file, or USER:PASSWORD@ in the address',
  403: 'the token must be allowed to query',
  404: advice,
  405: advice,
  422: 'if the query is too large, try a shorter --window or a namespace (-n)',
  503: 'if the query takes too long, try a shorter --window or a namespace (-n)',
};

function rejectionOf(server: string, { status, statusText }: Response, error: unknown): string {
  const reason = typeof error === 'string' ? `: ${error}` : '';
  const next = advices[status] === undefined ? '' : `; ${advices[status]}`;
  return `Prometheus at ${server} answered ${status} ${statusText}${reason}${next}`;
}

/** `fetch` hides the reason in the cause; several addresses may have been tried. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { errors, message: inner, code } = Object(cause) as AggregateError & { readonly code?: string };
  if (Array.isArray(errors)) return errors.map((each: Error) => each.message).join(', ');
  return inner || code || message;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON.
    return undefined;
  }
}

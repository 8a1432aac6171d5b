import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const day = 86_400;
/** The time of all answers, in seconds since 1970. */
export const now = 1_780_000_000;

/** Serves for the running test, in place of Prometheus. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export type Values = Readonly<Record<'cpu' | 'memory' | 'since' | 'seconds' | 'throttled', string>>;

/** Which figure a query is about. */
function figureIn(query: string): keyof Values {
  if (query.includes('throttled')) return 'throttled';
  if (query.includes('cpu_usage')) return 'cpu';
  if (query.includes('timestamp')) return 'since';
  return query.includes('count_over_time') ? 'seconds' : 'memory';
}

/** The answer to an instant query. */
export const vector = (result: unknown): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });

const app = { pod: 'web-7d4b9c-x2x4z', container: 'app' };

/** Answers with one container of the shop that has these values. */
export function answerOf(values: Partial<Values>, container: Readonly<Record<string, string>> = app): RequestListener {
  const usual: Values = { cpu: '0.2', memory: '1e8', since: String(now - day), seconds: String(day), throttled: 'NaN' };
  return async (request, response) => {
    const figure = figureIn(new URLSearchParams(await text(request)).get('query') ?? '');
    const metric = { namespace: 'shop', ...container };
    response.end(vector([{ metric, value: [now, { ...usual, ...values }[figure]] }]));
  };
}

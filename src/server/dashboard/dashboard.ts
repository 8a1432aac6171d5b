import fastify, { type FastifyInstance } from 'fastify';
import { pageHeaders } from '../http/index.ts';

/** A page as it was when the cluster was read. */
export interface ShownPage {
  /** 502 if the cluster could not be read, and the page says why. */
  readonly status: 200 | 502;
  readonly html: string;
}

export interface DashboardPage {
  readonly path: string;
  /** Reads the cluster. Rejects only because of a bug. */
  show(): Promise<ShownPage>;
}

interface DashboardOptions {
  /** How long a page is shown again before the cluster is read again. */
  readonly maxAgeMs: number;
  readonly onError: (error: Error) => void;
}

/** A web page elsewhere can let its own name point to this machine, and would then read the cluster. */
const ownNames = new Set(['127.0.0.1', 'localhost']);

/** Serves pages to browsers on this machine. Each is rendered when it is opened, once for all simultaneous requests. */
export function buildDashboard(
  pages: readonly DashboardPage[],
  { maxAgeMs, onError }: DashboardOptions,
): FastifyInstance {
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.addHook('onRequest', async (request, reply) => {
    if (!ownNames.has(request.hostname)) await reply.code(403).send('this dashboard is for this machine only\n');
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send('not found\n'));
  app.setErrorHandler((error: Error, _request, reply) => {
    onError(error);
    return reply.code(500).send('internal error\n');
  });
  for (const { path, show } of pages) {
    const shown = recently(show, maxAgeMs);
    app.get(path, async (_request, reply) => {
      const { status, html } = await shown();
      return reply.code(status).headers(pageHeaders).send(html);
    });
  }
  return app;
}

/** The page while it is being rendered and for some time afterwards, unless that failed. */
function recently(show: DashboardPage['show'], maxAgeMs: number): DashboardPage['show'] {
  let current: Promise<ShownPage> | undefined;
  let endsAt = Number.POSITIVE_INFINITY;
  return () => {
    if (current !== undefined && performance.now() < endsAt) return current;
    endsAt = Number.POSITIVE_INFINITY;
    current = show();
    current.then(
      ({ status }) => (endsAt = status === 200 ? performance.now() + maxAgeMs : 0),
      () => (endsAt = 0),
    );
    return current;
  };
}

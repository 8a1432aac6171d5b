import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Election } from '../../cluster/lease.ts';
import { pageHeaders } from '../http/index.ts';
import { noScanPage, otherLeaderPage } from './placeholder-pages.ts';
import type { ScanPage } from './scan-page.ts';

/** Where the page is. */
const pagePath = '/scan';

interface PageSource {
  readonly page: Pick<ScanPage, 'html'>;
  /** Undefined if this replica always scans. */
  readonly election: Pick<Election, 'isLeader' | 'leader'> | undefined;
  readonly namespace: string | undefined;
}

/** Serves the page of the last scan, only to read; a replica that does not scan names the one that does. */
export function addScanPage(app: FastifyInstance, { page, election, namespace }: PageSource): void {
  app.get(pagePath, (request, reply) => {
    if (!isOwnName(request.hostname))
      return reply.code(403).send('use an IP address, localhost or the name of the Service\n');
    if (hasBody(request)) return reply.code(400).header('connection', 'close').send('bad request\n');
    reply.headers(pageHeaders);
    if (election !== undefined && !election.isLeader) {
      const port = request.socket.localPort ?? 0;
      return reply.code(503).send(otherLeaderPage({ leader: election.leader, namespace, port, path: pagePath }));
    }
    const { html } = page;
    return html === undefined ? reply.code(503).send(noScanPage()) : reply.send(html);
  });
}

/**
 * A web page elsewhere can let its own name point to an address that its reader reaches, such as that of a forwarded
 * port, and would then read the findings.
 */
const isOwnName = (host: string): boolean =>
  isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0 || /^[\w-]+$|^[\w-]+\.[\w-]+\.svc(?:\.cluster\.local)?$/i.test(host);

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

import type { PeerCertificate, Server, TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import type { ClientRejection, Metrics } from '../monitoring/index.ts';

/** The interval for logging rejections, which anyone can cause. */
const quietMs = 10_000;

/**
 * Accepts callers by the common names of their certificates, or any if there are none, before their data is read as
 * HTTP. Callers without a certificate of the CA fail the handshake. Counts rejections and logs some of them.
 */
export function admitClients(
  server: Server,
  names: readonly string[],
  { metrics, log }: { readonly metrics: Pick<Metrics, 'clientRejected'>; readonly log: Logger },
): void {
  let quietUntil = 0;
  function rejected(reason: ClientRejection, socket: TLSSocket): void {
    metrics.clientRejected(reason);
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + quietMs;
    const { remoteAddress, authorizationError } = socket;
    const detail = { reason, remoteAddress, name: commonNameOf(socket), problem: authorizationError?.toString() };
    log.warn(detail, 'rejected a caller because of its client certificate');
  }
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const reason = reasonOf(error, socket);
    if (reason !== undefined) rejected(reason, socket);
  });
  if (names.length === 0) return;
  server.prependListener('secureConnection', (socket) => {
    const name = commonNameOf(socket);
    if (name !== undefined && names.includes(name)) return;
    rejected('name', socket);
    socket.destroy();
  });
}

/** Undefined for handshakes that fail for other reasons. */
function reasonOf({ code }: NodeJS.ErrnoException, socket: TLSSocket): ClientRejection | undefined {
  if (code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return 'missing';
  // Contrary to its type, this is a code; it is empty until verification.
  const problem = socket.authorizationError?.toString();
  if (!problem) return undefined;
  return problem === 'CERT_HAS_EXPIRED' ? 'expired' : 'untrusted';
}

/** Undefined if there is none or more than one, or if the connection is already closed. */
function commonNameOf(socket: TLSSocket): string | undefined {
  // Contrary to its type, this is null once the connection is closed.
  const certificate: Partial<PeerCertificate> | null = socket.getPeerCertificate();
  const name: unknown = certificate?.subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

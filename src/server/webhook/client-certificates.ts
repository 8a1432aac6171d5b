import type { PeerCertificate, Server, TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import type { ClientRefusal, Metrics } from '../monitoring/index.ts';

/** How rarely a refusal is logged: anybody can cause one. */
const quietMs = 10_000;

/**
 * Lets in callers by the common names of their certificates, any where there are none, before a byte of theirs is read
 * as HTTP. Those without a certificate of the authority never come so far. Counts whom it refuses, and logs some of them.
 */
export function admitClients(
  server: Server,
  names: readonly string[],
  { metrics, log }: { readonly metrics: Pick<Metrics, 'clientRefused'>; readonly log: Logger },
): void {
  let quietUntil = 0;
  function refused(reason: ClientRefusal, socket: TLSSocket): void {
    metrics.clientRefused(reason);
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + quietMs;
    const { remoteAddress, authorizationError } = socket;
    const detail = { reason, remoteAddress, name: commonNameOf(socket), problem: authorizationError?.toString() };
    log.warn(detail, 'rejected a caller because of its client certificate');
  }
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const reason = reasonOf(error, socket);
    if (reason !== undefined) refused(reason, socket);
  });
  if (names.length === 0) return;
  server.prependListener('secureConnection', (socket) => {
    const name = commonNameOf(socket);
    if (name !== undefined && names.includes(name)) return;
    refused('name', socket);
    socket.destroy();
  });
}

/** Undefined for handshakes that fail for other reasons. */
function reasonOf({ code }: NodeJS.ErrnoException, socket: TLSSocket): ClientRefusal | undefined {
  if (code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return 'missing';
  // In spite of its type this is a code; it is empty while nothing has been verified.
  const problem = socket.authorizationError?.toString();
  if (!problem) return undefined;
  return problem === 'CERT_HAS_EXPIRED' ? 'expired' : 'untrusted';
}

/** Undefined where there is none, or more than one, or the connection is closed already. */
function commonNameOf(socket: TLSSocket): string | undefined {
  // In spite of its type it is null once the connection is closed.
  const certificate: Partial<PeerCertificate> | null = socket.getPeerCertificate();
  const name: unknown = certificate?.subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

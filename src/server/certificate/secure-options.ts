import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { defaultTlsLimits, limitedTls, type TlsLimits } from '../tls-limits.ts';

/** A certificate, with its chain, and its private key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A server's certificate and its requirements for clients. */
export interface Credentials extends KeyPair {
  /** The CAs, in PEM, of which a client must present a certificate; absent if anyone may call. */
  readonly clientCa?: string | undefined;
  /** The default limits if absent. */
  readonly limits?: TlsLimits | undefined;
}

/** All options of a secure context: when the certificate of a running server is replaced, the others must be repeated. */
export function secureOptions({ cert, key, clientCa, limits }: Credentials): SecureContextOptions {
  const shared: SecureContextOptions = { cert, key, ...limitedTls(limits ?? defaultTlsLimits) };
  if (clientCa === undefined) return shared;
  // A resumed session would skip the verification of its certificate.
  return { ...shared, ca: clientCa, secureOptions: constants.SSL_OP_NO_TICKET };
}

import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';

/** A certificate, with its chain, and its private key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** A server's certificate and its requirements for clients. */
export interface Credentials extends KeyPair {
  /** The CAs, in PEM, of which a client must present a certificate; absent if anyone may call. */
  readonly clientCa?: string | undefined;
}

/** All options of a secure context: when the certificate of a running server is replaced, the others must be repeated. */
export function secureOptions({ cert, key, clientCa }: Credentials): SecureContextOptions {
  const shared: SecureContextOptions = { cert, key, ciphers, minVersion: 'TLSv1.2' };
  if (clientCa === undefined) return shared;
  // A resumed session would skip the verification of its certificate.
  return { ...shared, ca: clientCa, secureOptions: constants.SSL_OP_NO_TICKET };
}

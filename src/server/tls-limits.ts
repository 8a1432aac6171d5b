import type { SecureContextOptions } from 'node:tls';

/** The cipher suites that can be offered, by their IANA names and those of OpenSSL: all have forward secrecy. */
const suites = {
  TLS_AES_128_GCM_SHA256: 'TLS_AES_128_GCM_SHA256',
  TLS_AES_256_GCM_SHA384: 'TLS_AES_256_GCM_SHA384',
  TLS_CHACHA20_POLY1305_SHA256: 'TLS_CHACHA20_POLY1305_SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
} as const;

/** The IANA name of a cipher suite, as in the API server's `--tls-cipher-suites`. */
export type CipherSuite = keyof typeof suites;

/** All cipher suites that can be offered. */
export const cipherSuites = Object.keys(suites) as readonly CipherSuite[];
/** The values of `--tls-min-version`. */
export const tlsVersions = ['1.2', '1.3'] as const;

/** The TLS versions and cipher suites for callers. */
export interface TlsLimits {
  readonly minVersion: (typeof tlsVersions)[number];
  /** All if empty. */
  readonly ciphers: readonly CipherSuite[];
}

/** TLS 1.2 and 1.3 with all of these cipher suites. */
export const defaultTlsLimits: TlsLimits = { minVersion: '1.2', ciphers: [] };

/** Whether any of the cipher suites can be used: with TLS 1.3 as the minimum, one of its own must be among them. */
export const areUsable = ({ minVersion, ciphers }: TlsLimits): boolean =>
  ciphers.length === 0 || minVersion === '1.2' || ciphers.some(isOfTls13);

/** Only offers versions of TLS for which there is a cipher suite. */
export function limitedTls({ minVersion, ciphers }: TlsLimits): SecureContextOptions {
  const offered = ciphers.length === 0 ? cipherSuites : ciphers;
  const onlyTls13 = offered.every(isOfTls13);
  return {
    ciphers: offered.map((suite) => suites[suite]).join(':'),
    minVersion: onlyTls13 ? 'TLSv1.3' : `TLSv${minVersion}`,
    maxVersion: offered.some(isOfTls13) ? 'TLSv1.3' : 'TLSv1.2',
  };
}

const isOfTls13 = (suite: CipherSuite): boolean => !suite.includes('_WITH_');

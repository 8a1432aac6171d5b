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

export const cipherSuites = Object.keys(suites) as readonly CipherSuite[];
export const tlsVersions = ['1.2', '1.3'] as const;

/** The TLS versions and cipher suites for callers. */
export interface TlsLimits {
  readonly minVersion: (typeof tlsVersions)[number];
  /** Empty: all. */
  readonly ciphers: readonly CipherSuite[];
}

export const defaultTlsLimits: TlsLimits = { minVersion: '1.2', ciphers: [] };

/** Whether there is a version of TLS for the cipher suites: those of TLS 1.3 are for nothing else. */
export const areUsable = ({ minVersion, ciphers }: TlsLimits): boolean =>
  ciphers.length === 0 || minVersion === '1.2' || ciphers.some(isOfTls13);

/** A version that no cipher suite is for is not offered. */
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

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyPair } from '../../src/server/certificate/secure-options.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3600_000;

/** An authority that signs client certificates. */
export interface TestAuthority {
  /** In PEM. */
  readonly ca: string;
  /** A certificate of an hour by default; `hours` may be negative, and then it has expired. */
  readonly issue: (commonName: string, other?: { hours?: number; usage?: 'client' | 'server' }) => Promise<KeyPair>;
}

export async function makeClientAuthority(commonName: string): Promise<TestAuthority> {
  const keys = await makeKeys();
  const notBefore = new Date(Date.now() - 48 * hour);
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: [{ CN: [commonName] }],
      notBefore,
      notAfter: new Date(Date.now() + 48 * hour),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    },
    webcrypto,
  );
  return {
    ca: `${ca.toString('pem')}\n`,
    async issue(name, { hours = 1, usage = 'client' } = {}) {
      const own = await makeKeys();
      const certificate = await x509.X509CertificateGenerator.create(
        {
          serialNumber: '02',
          subject: [{ CN: [name] }],
          issuer: ca.subject,
          notBefore,
          notAfter: new Date(Date.now() + hours * hour),
          signingAlgorithm: algorithm,
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[`${usage}Auth`]])],
        },
        webcrypto,
      );
      const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
      return { cert: `${certificate.toString('pem')}\n`, key: `${key}\n` };
    },
  };
}

const makeKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

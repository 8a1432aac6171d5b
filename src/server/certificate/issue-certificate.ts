import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { KeyPair } from './secure-options.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3600_000;

/** A certificate, its private key and its CA, in PEM. */
export interface IssuedCertificate extends KeyPair {
  readonly ca: string;
}

/** The parameters of a certificate. */
export interface CertificateOrder {
  /** The common name of the CA. */
  readonly authority: string;
  /** Names and addresses, at least one. */
  readonly hosts: readonly string[];
  readonly now: Date;
  /** Its lifetime from now, in milliseconds. */
  readonly lifeMs: number;
}

/**
 * Creates a CA, signs one certificate and discards the CA's key, so that it can sign nothing else. Valid from an hour
 * ago, for clients whose clocks are behind.
 */
export async function issueCertificate(order: CertificateOrder): Promise<IssuedCertificate> {
  // required by the library's dependency injection
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const { hosts, now, lifeMs } = order;
  const validity = { notBefore: new Date(now.getTime() - hour), notAfter: new Date(now.getTime() + lifeMs) };
  const [authority, leaf] = await Promise.all([generateKeys(), generateKeys()]);
  const shared = { ...validity, signingAlgorithm: algorithm };
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...shared,
      serialNumber: serialNumber(),
      name: [{ CN: [order.authority] }],
      keys: authority,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        // These let a client that trusts several CAs with the same name find the right one.
        await x509.SubjectKeyIdentifierExtension.create(authority.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const names = [...new Set(hosts)].map((host) => ({ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }) as const);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...shared,
      serialNumber: serialNumber(),
      subject: 'CN=podwright',
      issuer: ca.subject,
      publicKey: leaf.publicKey,
      signingKey: authority.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey, false, webcrypto),
        new x509.SubjectAlternativeNameExtension(names),
      ],
    },
    webcrypto,
  );
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', leaf.privateKey), 'PRIVATE KEY');
  return { cert: `${certificate.toString('pem')}\n`, key: `${key}\n`, ca: `${ca.toString('pem')}\n` };
}

/** A positive number of 127 random bits. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

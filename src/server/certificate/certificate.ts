import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { followFiles } from '../files/index.ts';
import { StartupError } from '../startup-error.ts';
import { readPem } from './pem-file.ts';
import { type KeyPair, secureOptions } from './secure-options.ts';

/** A certificate that was checked and can be served. */
export interface ServingCertificate extends KeyPair {
  readonly expires: Date;
}

/** A certificate with its chain, and its private key, as PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The certificate for new connections. */
export interface CertificateSource {
  readonly certificate: ServingCertificate;
  /** Why callers cannot be served with it, one clause each. */
  problems(): readonly string[];
  close(): Promise<void> | void;
}

/** A certificate that can be served, or why it cannot be. */
export type CertificateResult = { readonly certificate: ServingCertificate } | { readonly problem: string };

/** Whether TLS can be served with the pair: certificate and key parse, match and are currently valid. */
export function checkKeyPair(pair: KeyPair, now: Date): CertificateResult {
  const certificate = parsed(() => new X509Certificate(pair.cert));
  if (certificate === undefined) return { problem: 'the certificate is not in PEM format' };
  const key = parsed(() => createPrivateKey(pair.key));
  if (key === undefined) return { problem: 'the private key is not in unencrypted PEM format' };
  if (!certificate.checkPrivateKey(key)) return { problem: 'the private key does not match the certificate' };
  const expires = certificate.validToDate;
  if (expires <= now) return { problem: `the certificate expired at ${expires.toISOString()}` };
  if (parsed(() => createSecureContext(secureOptions(pair))) === undefined)
    return { problem: 'the certificate, its chain or the private key is not accepted by OpenSSL' };
  return { certificate: { ...pair, expires } };
}

/**
 * Loads a pair of files and watches them. An invalid new pair is logged and ignored, so the old one stays in use; it is
 * checked again whenever the files change, and with every poll.
 * @throws StartupError if there is no valid pair at startup.
 */
export async function openCertificateFiles(
  files: CertificateFiles,
  options: {
    readonly log: Logger;
    readonly pollMs?: number | undefined;
    readonly onChange: (certificate: ServingCertificate) => void;
  },
): Promise<CertificateSource> {
  const { log, onChange } = options;
  const first = await readCertificate(files);
  if ('problem' in first) throw new StartupError(`${files.certFile}, ${files.keyFile}: ${first.problem}`);
  const followed = followFiles(first.certificate, {
    ...options,
    files: { ...files },
    async read() {
      const found = await readCertificate(files);
      return 'problem' in found ? found : { value: found.certificate };
    },
    isSame: (one, other) => one.cert === other.cert && one.key === other.key,
    complaint: 'the certificate files are invalid; the old certificate stays in use',
    onChange(certificate) {
      onChange(certificate);
      log.info({ ...files, expires: certificate.expires }, 'new connections use the new certificate');
    },
  });
  return {
    get certificate() {
      return followed.value;
    },
    problems: () => [],
    close: () => followed.close(),
  };
}

async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<CertificateResult> {
  const pair = await readPair(certFile, keyFile);
  return 'problem' in pair ? pair : checkKeyPair(pair, new Date());
}

async function readPair(certFile: string, keyFile: string): Promise<KeyPair | { readonly problem: string }> {
  const [cert, key] = [await readPem(certFile), await readPem(keyFile)];
  if ('problem' in cert) return cert;
  return 'problem' in key ? key : { cert: cert.text, key: key.text };
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    // OpenSSL's error messages do not help users; naming the file does.
    return undefined;
  }
}

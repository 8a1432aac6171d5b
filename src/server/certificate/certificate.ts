import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { followFiles } from '../files/index.ts';
import { StartupError } from '../startup-error.ts';
import { readPem } from './pem-file.ts';
import { type KeyPair, secureOptions } from './secure-options.ts';

/** A certificate that was found fit to serve with. */
export interface ServingCertificate extends KeyPair {
  readonly expires: Date;
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The certificate that new connections get. */
export interface CertificateSource {
  readonly certificate: ServingCertificate;
  /** Why callers cannot be served with it, one clause each. */
  problems(): readonly string[];
  close(): Promise<void> | void;
}

export type CertificateResult = { readonly certificate: ServingCertificate } | { readonly problem: string };

/** Tells whether TLS can be served with the pair: both parse, belong together and are valid in time. */
export function checkKeyPair(pair: KeyPair, now: Date): CertificateResult {
  const certificate = parsed(() => new X509Certificate(pair.cert));
  if (certificate === undefined) return { problem: 'the certificate is not one in PEM' };
  const key = parsed(() => createPrivateKey(pair.key));
  if (key === undefined) return { problem: 'the private key is not an unencrypted one in PEM' };
  if (!certificate.checkPrivateKey(key)) return { problem: 'the private key does not belong to the certificate' };
  const expires = certificate.validToDate;
  if (expires <= now) return { problem: `the certificate expired at ${expires.toISOString()}` };
  if (parsed(() => createSecureContext(secureOptions(pair))) === undefined)
    return { problem: 'the certificate, its chain or the private key is not accepted by OpenSSL' };
  return { certificate: { ...pair, expires } };
}

/**
 * Loads a pair of files and follows them. A new pair that is not fit is logged and passed over, so that what is served
 * stays; it is looked at again whenever the files change, and with every poll.
 *
 * @throws StartupError when there is no fit pair to begin with.
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
    complaint: 'the certificate files are not fit; the old certificate stays',
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
    // The reasons that OpenSSL gives help nobody; which of the files it is, does.
    return undefined;
  }
}

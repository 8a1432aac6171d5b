import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type AuthorityCertificate, readBundle } from './authorities.ts';
import type { PairState } from './certificate-plan.ts';

/** A certificate and its private key in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** The parameters for checking a pair; `hosts` are the names that clients use. */
export interface Expectation {
  readonly trusted: string;
  readonly hosts: readonly string[];
  readonly now: number;
}

/** Undefined if the certificate or the key cannot be parsed. */
export function examinePair({ cert, key }: Pair, { trusted, hosts, now }: Expectation): PairState | undefined {
  const parsed = parsePair(cert, key);
  if (parsed === undefined) return undefined;
  const { certificate, hasKey } = parsed;
  const authority = issuerOf(certificate, readBundle(trusted).authorities, now);
  return {
    authority: authority?.id ?? '',
    expires: certificate.validToDate.getTime(),
    isFit: hasKey && authority !== undefined && isValidAt(certificate, now),
    isForAllHosts: hosts.every((host) => isFor(certificate, host)),
  };
}

/** Whether a client that trusts the bundle accepts the certificate under every name. */
export function isAccepted(cert: string, { trusted, hosts, now }: Expectation): boolean {
  const certificate = new X509Certificate(cert);
  const { authorities } = readBundle(trusted);
  return (
    isValidAt(certificate, now) &&
    issuerOf(certificate, authorities, now) !== undefined &&
    hosts.every((host) => isFor(certificate, host))
  );
}

/** The CA signs certificates directly; there are no intermediates. */
function issuerOf(
  certificate: X509Certificate,
  authorities: readonly AuthorityCertificate[],
  now: number,
): AuthorityCertificate | undefined {
  return authorities.find(
    ({ certificate: authority }) =>
      authority.ca &&
      isValidAt(authority, now) &&
      certificate.checkIssued(authority) &&
      certificate.verify(authority.publicKey),
  );
}

function isFor(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

const isValidAt = ({ validFromDate, validToDate }: X509Certificate, now: number): boolean =>
  validFromDate.getTime() <= now && now < validToDate.getTime();

function parsePair(cert: string, key: string) {
  try {
    const certificate = new X509Certificate(cert);
    return { certificate, hasKey: certificate.checkPrivateKey(createPrivateKey(key)) };
  } catch {
    // A damaged certificate is treated as absent: a new one is issued either way.
    return undefined;
  }
}

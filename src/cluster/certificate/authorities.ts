import { X509Certificate } from 'node:crypto';
import type { Authority } from './certificate-plan.ts';

/** A CA certificate in a bundle. */
export interface AuthorityCertificate {
  readonly id: string;
  readonly expires: number;
  readonly certificate: X509Certificate;
}

/** The content of a bundle; `isPure` if it contains only certificates. */
export interface Bundle {
  readonly authorities: readonly AuthorityCertificate[];
  readonly isPure: boolean;
}

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads PEM. Skips blocks that are not certificates. */
export function readBundle(pem: string): Bundle {
  const blocks = pem.match(block) ?? [];
  const certificates = blocks.map(parse).filter((certificate) => certificate !== undefined);
  return {
    authorities: certificates.map((certificate) => ({
      id: certificate.fingerprint256,
      expires: certificate.validToDate.getTime(),
      certificate,
    })),
    isPure: certificates.length === blocks.length && pem.replaceAll(block, '').trim() === '',
  };
}

/** The bundle as text, without duplicate CAs. */
export function writeBundle(authorities: readonly AuthorityCertificate[]): string {
  const byId = new Map(authorities.map(({ id, certificate }) => [id, certificate]));
  return [...byId.values()].map((certificate) => certificate.toString()).join('');
}

/** A published bundle as the plan sees it; CAs with the given name are ours. */
export function authoritiesOf({ authorities, isPure }: Bundle, ownSubject: string | undefined): Authority[] {
  const known = authorities.map(({ id, expires, certificate }) => ({
    id,
    expires,
    isOwn: certificate.subject === ownSubject,
  }));
  return isPure ? known : [...known, { id: 'something else', expires: Number.MAX_SAFE_INTEGER, isOwn: false }];
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // The reason does not matter because the bundle is rewritten.
    return undefined;
  }
}

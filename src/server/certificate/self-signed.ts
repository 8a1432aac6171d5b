import { dayMs } from '../../time-units.ts';
import { type IssuedCertificate, issueCertificate } from './issue-certificate.ts';

const yearMs = 365 * dayMs;
const ownHosts = ['localhost', '127.0.0.1', '::1'];

export type SelfSigned = IssuedCertificate;

/** A self-signed certificate, valid for a year, for this machine and additional host names and addresses. */
export const makeSelfSigned = (hosts: readonly string[], now: Date): Promise<SelfSigned> =>
  issueCertificate({
    authority: 'podwright self-signed authority',
    hosts: [...ownHosts, ...hosts],
    now,
    lifeMs: yearMs,
  });

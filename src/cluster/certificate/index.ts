export type { CertificateTiming } from './certificate-plan.ts';
export { type ManagedCertificate, openManagedCertificate } from './managed-certificate.ts';

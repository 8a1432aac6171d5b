export {
  type CertificateFiles,
  type CertificateSource,
  checkKeyPair,
  openCertificateFiles,
  type ServingCertificate,
} from './certificate.ts';
export { type ClientAuthority, type ClientOptions, openClientAuthority } from './client-authority.ts';
export {
  type ClusterCertificateOptions,
  type ElectingCluster,
  isElecting,
  openClusterCertificate,
} from './cluster-certificate.ts';
export { type Credentials, secureOptions } from './secure-options.ts';
export { makeSelfSigned } from './self-signed.ts';

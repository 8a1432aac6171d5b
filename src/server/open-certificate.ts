import { writeFile } from 'node:fs/promises';
import {
  type CertificateSource,
  checkKeyPair,
  isElecting,
  makeSelfSigned,
  openCertificateFiles,
  openClusterCertificate,
  type ServingCertificate,
} from './certificate/index.ts';
import type { ServeDependencies } from './serve-dependencies.ts';
import type { SelfSignedOptions, ServeOptions } from './serve-options.ts';
import type { ServedCluster } from './served-cluster.ts';
import { StartupError } from './startup-error.ts';

/** The serving certificate: from files, from a Secret that the leader renews, or self-signed for as long as the server runs. */
export async function openCertificate(
  { certificate, pollMs }: ServeOptions,
  cluster: ServedCluster | undefined,
  onChange: (certificate: ServingCertificate) => void,
  { log }: ServeDependencies,
): Promise<CertificateSource> {
  if ('certFile' in certificate) return openCertificateFiles(certificate, { log, pollMs, onChange });
  if (!('secret' in certificate))
    return { certificate: await selfSigned(certificate), problems: () => [], close: () => undefined };
  if (!isElecting(cluster))
    throw new StartupError('--certificate-secret needs --lease, and --in-cluster or --kubeconfig');
  const placeholder = await selfSigned({ hosts: [] });
  return openClusterCertificate(certificate, { cluster, placeholder, log, onChange });
}

async function selfSigned({ hosts, caFile }: SelfSignedOptions): Promise<ServingCertificate> {
  const now = new Date();
  const made = await makeSelfSigned(hosts, now);
  const result = checkKeyPair(made, now);
  if ('problem' in result) throw new Error(result.problem);
  if (caFile === undefined) return result.certificate;
  await writeFile(caFile, made.ca).catch((error: Error) => {
    throw new StartupError(`cannot write ${caFile}: ${error.message}; choose another file with --self-signed-ca`);
  });
  return result.certificate;
}

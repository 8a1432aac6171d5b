import { bundlesOf } from '../webhook-configuration.ts';
import type { ObjectNames, RememberedSecret, WatchedObjects } from './certificate-objects.ts';
import { isOurs } from './certificate-secret.ts';
import { type Expectation, examinePair, isAccepted, type Pair } from './examine-pair.ts';

/** Under which names a certificate is used, and when. */
export type CertificateUse = Omit<Expectation, 'trusted'>;

/** Whether the Secret has a certificate that its own authorities have signed. */
export function isFit({ content: { current, trusted } }: RememberedSecret, use: CertificateUse): boolean {
  return current !== undefined && examinePair(current, { ...use, trusted })?.isFit === true;
}

/** The kinds whose configuration does not trust the certificate under every name. */
export function distrusting(cert: string, { configurations }: WatchedObjects, use: CertificateUse): string[] {
  return configurations.flatMap(({ kind, watch: { state } }) =>
    typeof state !== 'string' && bundlesOf(state).some((trusted) => !isAccepted(cert, { ...use, trusted }))
      ? [kind]
      : [],
  );
}

/** Why the API server cannot be served with the pair, one clause each. */
export function certificateProblems(
  served: Pair | undefined,
  watched: WatchedObjects,
  names: ObjectNames,
  use: CertificateUse,
): string[] {
  const { state } = watched.secret;
  if (state === 'unread') return ['the certificate has not been read from the cluster yet'];
  if (typeof state !== 'string' && !isOurs(state) && served === undefined) return [foreignProblem(names)];
  if (served === undefined)
    return [`Secret ${names.namespace}/${names.secret} has no certificate that can be served yet`];
  if (watched.configurations.some(({ watch }) => watch.state === 'unread'))
    return ['the webhook configurations have not been read yet'];
  return distrusting(served.cert, watched, use).map(
    (kind) =>
      `the caBundle of the ${kind} webhook configuration ${names.webhookConfiguration} does not match the certificate`,
  );
}

/** The problem of a Secret without the label of this program. */
export const foreignProblem = ({ namespace, secret }: ObjectNames): string =>
  `Secret ${namespace}/${secret} lacks the label podwright.dev/managed-by=podwright and is left alone; delete it, or serve its certificate with --tls-cert and --tls-key`;

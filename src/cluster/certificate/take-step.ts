import type { ApiClient } from '../api/index.ts';
import { bundlesOf, writeBundles } from '../webhook-configuration.ts';
import { type AuthorityCertificate, readBundle, writeBundle } from './authorities.ts';
import { type ClusterObjects, type ObjectNames, type RememberedSecret, writeSecret } from './certificate-objects.ts';
import type { Step } from './certificate-plan.ts';
import { type CertificateContent, noContent, readContent } from './certificate-secret.ts';
import type { Pair } from './examine-pair.ts';

/** A new certificate, its key and its CA, in PEM. */
export interface Issued extends Pair {
  readonly ca: string;
}

export interface StepDependencies {
  readonly client: ApiClient;
  readonly names: ObjectNames;
  readonly issue: () => Promise<Issued>;
  readonly remembered: RememberedSecret | undefined;
  readonly now: number;
}

/** Performs the next step of the plan on the objects for which it was planned. */
export async function takeStep(step: Step, objects: ClusterObjects, dependencies: StepDependencies): Promise<void> {
  if (step.do === 'nothing' || step.do === 'reject') return;
  if (step.do === 'publish') {
    await publish(step.authorities, objects, dependencies);
    return;
  }
  const { client, names, remembered } = dependencies;
  const { secret } = objects;
  const content = await contentAfter(step, secret === undefined ? noContent : readContent(secret), dependencies);
  const { labels = {}, annotations = {} } = remembered ?? {};
  await writeSecret(client, names, secret, {
    content: withoutExpired(content, dependencies.now),
    labels,
    annotations,
  });
}

type SecretStep = Exclude<Step, { readonly do: 'nothing' | 'reject' | 'publish' }>;

async function contentAfter(
  step: SecretStep,
  content: CertificateContent,
  { issue, remembered, now }: StepDependencies,
): Promise<CertificateContent> {
  const { next, trusted } = content;
  if (step.do === 'restore') return remembered?.content ?? content;
  if (step.do === 'mark') return { ...content, publishedAt: now };
  if (step.do === 'unmark') return { ...content, publishedAt: undefined };
  if (step.do === 'discard') return { ...content, next: undefined, publishedAt: undefined };
  if (step.do === 'prune') return content;
  if (step.do === 'issue' && step.as === 'next')
    return { ...content, next: await issue(), publishedAt: undefined, isRotationWanted: false };
  const pair = step.do === 'promote' && next !== undefined ? next : await issue();
  return {
    current: { cert: pair.cert, key: pair.key },
    trusted: `${pair.ca}${trusted}`,
    next: undefined,
    publishedAt: undefined,
    isRotationWanted: false,
  };
}

function withoutExpired(content: CertificateContent, now: number): CertificateContent {
  const valid = readBundle(content.trusted).authorities.filter(({ expires }) => expires > now);
  return { ...content, trusted: writeBundle(valid) };
}

async function publish(ids: readonly string[], objects: ClusterObjects, { client }: StepDependencies): Promise<void> {
  const { pem, outdated } = bundleOf(ids, objects);
  for (const { kind, configuration } of outdated) await writeBundles(client, kind, configuration, pem);
}

/** A bundle in PEM, and the configurations that have another one. */
export interface Publication {
  readonly pem: string;
  readonly outdated: ClusterObjects['configurations'];
}

/** The bundle of these CAs. */
export function bundleOf(ids: readonly string[], { secret, configurations }: ClusterObjects): Publication {
  const { trusted, next } = secret === undefined ? noContent : readContent(secret);
  const published = configurations.flatMap(({ configuration }) => bundlesOf(configuration));
  const known = new Map<string, AuthorityCertificate>();
  for (const pem of [next?.ca ?? '', trusted, ...published])
    for (const authority of readBundle(pem).authorities) known.set(authority.id, authority);
  const pem = writeBundle(ids.map((id) => known.get(id)).filter((authority) => authority !== undefined));
  const isOutdated = (bundle: string): boolean => bundle !== pem;
  return { pem, outdated: configurations.filter(({ configuration }) => bundlesOf(configuration).some(isOutdated)) };
}

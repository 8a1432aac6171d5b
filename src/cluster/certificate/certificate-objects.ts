import type { V1Secret } from '@kubernetes/client-node';
import { type ApiClient, type ObjectOptions, unlessRejected, type WatchedObject, watchObject } from '../api/index.ts';
import {
  bundlesOf,
  type ConfigurationKind,
  configurationKinds,
  configurationPath,
  readConfiguration,
  resourceOf,
  type WebhookConfiguration,
} from '../webhook-configuration.ts';
import { authoritiesOf, readBundle } from './authorities.ts';
import type { CycleState } from './certificate-plan.ts';
import {
  type CertificateContent,
  contentPatch,
  isOurs,
  noContent,
  ownLabel,
  readContent,
} from './certificate-secret.ts';
import { examinePair } from './examine-pair.ts';

/** The names of the objects that store and publish the certificate. */
export interface ObjectNames {
  readonly namespace: string;
  readonly secret: string;
  readonly webhookConfiguration: string;
}

/** The current objects in the API server. */
export interface ClusterObjects {
  readonly secret: V1Secret | undefined;
  readonly configurations: readonly {
    readonly kind: ConfigurationKind;
    readonly configuration: WebhookConfiguration;
  }[];
}

/** The last valid content of a Secret, to restore it if it is deleted. */
export interface RememberedSecret {
  readonly content: CertificateContent;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A leader that waits longer for a response may have lost the lease. */
const timeoutMs = 5_000;

const secretsOf = ({ namespace }: ObjectNames): string => `/api/v1/namespaces/${namespace}/secrets`;

/** Reads Secret and webhook configurations from the API server. */
export async function readObjects(client: ApiClient, names: ObjectNames): Promise<ClusterObjects> {
  const [secret, ...found] = await Promise.all([
    unlessRejected([404], client.get(`${secretsOf(names)}/${names.secret}`, {}, { timeoutMs }) as Promise<V1Secret>),
    ...configurationKinds.map((kind) => readConfiguration(client, kind, names.webhookConfiguration, { timeoutMs })),
  ]);
  const configurations = configurationKinds.flatMap((kind, index) => {
    const configuration = found[index];
    return configuration === undefined ? [] : [{ kind, configuration }];
  });
  return { secret, configurations };
}

/** The watched state of the objects. */
export interface WatchedObjects {
  readonly secret: WatchedObject<V1Secret>;
  readonly configurations: readonly {
    readonly kind: ConfigurationKind;
    readonly watch: WatchedObject<WebhookConfiguration>;
  }[];
  close(): void;
}

/** Watches the same objects; `onChange` is called with every change of one. */
export function watchObjects(
  names: ObjectNames,
  shared: Pick<ObjectOptions, 'client' | 'metrics' | 'log' | 'onChange'>,
): WatchedObjects {
  const secret = watchObject<V1Secret>({
    ...shared,
    resource: 'secrets',
    path: secretsOf(names),
    name: names.secret,
    ifRejected: 'there is no certificate to serve',
  });
  const configurations = configurationKinds.map((kind) => ({
    kind,
    watch: watchObject<WebhookConfiguration>({
      ...shared,
      resource: resourceOf(kind),
      path: configurationPath(kind),
      name: names.webhookConfiguration,
      ifRejected: 'it is unknown whether the API server trusts the certificate',
    }),
  }));
  return {
    secret,
    configurations,
    close() {
      for (const watch of [secret, ...configurations.map(({ watch }) => watch)]) watch.close();
    },
  };
}

/** The state of the objects for the plan. */
export function stateOf(
  { secret, configurations }: ClusterObjects,
  facts: { readonly now: number; readonly hosts: readonly string[]; readonly canRestore: boolean },
): CycleState {
  const { now, hosts, canRestore } = facts;
  const content = secret === undefined ? noContent : readContent(secret);
  const { current, next, publishedAt, isRotationWanted } = content;
  const trusted = readBundle(content.trusted);
  const nextBundle = readBundle(next?.ca ?? '');
  const [newest] = [...nextBundle.authorities, ...trusted.authorities];
  const subject = newest?.certificate.subject;
  const published = configurations.flatMap(({ configuration }) => bundlesOf(configuration));
  return {
    now,
    canRestore,
    bundles: published.map((pem) => authoritiesOf(readBundle(pem), subject)),
    secret:
      secret !== undefined && !isOurs(secret)
        ? 'foreign'
        : {
            current: current && examinePair(current, { trusted: content.trusted, hosts, now }),
            next: next && examinePair(next, { trusted: next.ca, hosts, now }),
            trusted: authoritiesOf({ ...trusted, isPure: true }, subject),
            nextAuthority: authoritiesOf({ ...nextBundle, isPure: true }, subject)[0],
            publishedAt,
            isRotationWanted,
          },
  };
}

/** Writes the Secret, or creates it if it is absent; fails if it has changed since it was read. */
export async function writeSecret(
  client: ApiClient,
  names: ObjectNames,
  secret: V1Secret | undefined,
  { content, labels, annotations }: RememberedSecret,
): Promise<void> {
  const patch = contentPatch(content);
  if (secret !== undefined) {
    const metadata = { resourceVersion: secret.metadata?.resourceVersion, annotations: patch.annotations };
    const contentType = 'application/merge-patch+json';
    const body = { metadata, data: patch.data };
    await client.send('PATCH', `${secretsOf(names)}/${names.secret}`, body, { contentType, timeoutMs });
    return;
  }
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name: names.secret,
      namespace: names.namespace,
      labels: { ...labels, [ownLabel.key]: ownLabel.value },
      annotations: withoutNull({ ...annotations, ...patch.annotations }),
    },
    data: withoutNull(patch.data),
  };
  await client.send('POST', secretsOf(names), body, { timeoutMs });
}

function withoutNull(values: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));
}

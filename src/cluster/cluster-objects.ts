import type { V1Secret } from '@kubernetes/client-node';
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
import { type Connection, orAbsent } from './connection.ts';
import { examinePair } from './examine-pair.ts';
import {
  bundlesOf,
  type ConfigurationKind,
  configurationKinds,
  readConfiguration,
  type WebhookConfiguration,
} from './webhook-configuration.ts';

/** Where the objects are that the certificate lives in. */
export interface ObjectNames {
  readonly namespace: string;
  readonly secret: string;
  readonly webhookConfiguration: string;
}

/** The objects as the API server has them now. */
export interface ClusterObjects {
  readonly secret: V1Secret | undefined;
  readonly configurations: readonly {
    readonly kind: ConfigurationKind;
    readonly configuration: WebhookConfiguration;
  }[];
}

/** A Secret as it was when it was last good, to be made again if it vanishes. */
export interface RememberedSecret {
  readonly content: CertificateContent;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export async function readObjects(connection: Connection, names: ObjectNames): Promise<ClusterObjects> {
  const { namespace, secret: name, webhookConfiguration } = names;
  const [secret, ...found] = await Promise.all([
    orAbsent(connection.core.readNamespacedSecret({ namespace, name })),
    ...configurationKinds.map((kind) => readConfiguration(connection, kind, webhookConfiguration)),
  ]);
  const configurations = configurationKinds.flatMap((kind, index) => {
    const configuration = found[index];
    return configuration === undefined ? [] : [{ kind, configuration }];
  });
  return { secret, configurations };
}

/** What the plan needs to know of the objects. */
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

/** Writes the Secret, or makes it when it is absent; fails when it changed since it was read. */
export async function writeSecret(
  { core }: Connection,
  { namespace, secret: name }: ObjectNames,
  secret: V1Secret | undefined,
  { content, labels, annotations }: RememberedSecret,
): Promise<void> {
  const patch = contentPatch(content);
  if (secret !== undefined) {
    const metadata = { resourceVersion: secret.metadata?.resourceVersion, annotations: patch.annotations };
    const body = { metadata, data: patch.data };
    await core.patchNamespacedSecret({ namespace, name, body, fieldManager: 'podwright' });
    return;
  }
  const body = {
    type: 'Opaque',
    metadata: {
      name,
      namespace,
      labels: { ...labels, [ownLabel.key]: ownLabel.value },
      annotations: withoutNull({ ...annotations, ...patch.annotations }),
    },
    data: withoutNull(patch.data),
  };
  await core.createNamespacedSecret({ namespace, body, fieldManager: 'podwright' });
}

function withoutNull(values: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));
}

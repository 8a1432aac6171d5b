import type { V1MutatingWebhookConfiguration, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import { type Connection, orAbsent } from './connection.ts';

export type WebhookConfiguration = V1MutatingWebhookConfiguration | V1ValidatingWebhookConfiguration;

/** The two kinds of configuration; both are objects of one name. */
export const configurationKinds = ['mutating', 'validating'] as const;
export type ConfigurationKind = (typeof configurationKinds)[number];

export const resourceOf = (kind: ConfigurationKind): string => `${kind}webhookconfigurations`;
export const pathOf = (kind: ConfigurationKind): string => `/apis/admissionregistration.k8s.io/v1/${resourceOf(kind)}`;

export function readConfiguration(
  { webhooks }: Connection,
  kind: ConfigurationKind,
  name: string,
): Promise<WebhookConfiguration | undefined> {
  return orAbsent<WebhookConfiguration>(
    kind === 'mutating'
      ? webhooks.readMutatingWebhookConfiguration({ name })
      : webhooks.readValidatingWebhookConfiguration({ name }),
  );
}

export function listConfigurations({ webhooks }: Connection, kind: ConfigurationKind, fieldSelector: string) {
  return kind === 'mutating'
    ? webhooks.listMutatingWebhookConfiguration({ fieldSelector })
    : webhooks.listValidatingWebhookConfiguration({ fieldSelector });
}

/** The caBundle of every webhook in PEM, empty where there is none. */
export function bundlesOf({ webhooks = [] }: WebhookConfiguration): string[] {
  return webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString());
}

/** Writes the caBundle of every webhook and no other field; fails when the configuration changed since it was read. */
export async function writeBundles(
  { webhooks }: Connection,
  kind: ConfigurationKind,
  configuration: WebhookConfiguration,
  pem: string,
): Promise<void> {
  const value = Buffer.from(pem).toString('base64');
  const name = configuration.metadata?.name ?? '';
  const body = [
    { op: 'test', path: '/metadata/resourceVersion', value: configuration.metadata?.resourceVersion },
    ...(configuration.webhooks ?? []).map((_, index) => ({
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value,
    })),
  ];
  const fieldManager = 'podwright';
  if (kind === 'mutating') await webhooks.patchMutatingWebhookConfiguration({ name, body, fieldManager });
  else await webhooks.patchValidatingWebhookConfiguration({ name, body, fieldManager });
}

import type { V1MutatingWebhookConfiguration, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import { type ApiClient, type CallOptions, unlessRejected } from './api/index.ts';

/** The configuration that tells the API server when to call which webhook. */
export type WebhookConfiguration = V1MutatingWebhookConfiguration | V1ValidatingWebhookConfiguration;

/** The two kinds of configuration; the objects have the same name. */
export const configurationKinds = ['mutating', 'validating'] as const;
export type ConfigurationKind = (typeof configurationKinds)[number];

/** The resource of the kind, in the plural, and the path of its objects. */
export const resourceOf = (kind: ConfigurationKind): string => `${kind}webhookconfigurations`;
/** The path of all configurations of the kind in the API. */
export const configurationPath = (kind: ConfigurationKind): string =>
  `/apis/admissionregistration.k8s.io/v1/${resourceOf(kind)}`;

/** Undefined if it does not exist. */
export function readConfiguration(
  client: ApiClient,
  kind: ConfigurationKind,
  name: string,
  options?: CallOptions,
): Promise<WebhookConfiguration | undefined> {
  const answer = client.get(`${configurationPath(kind)}/${name}`, {}, options) as Promise<WebhookConfiguration>;
  return unlessRejected([404], answer);
}

/** The caBundle of every webhook in PEM, or an empty text. */
export function bundlesOf({ webhooks = [] }: WebhookConfiguration): string[] {
  return webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString());
}

/** Writes the caBundle of every webhook and no other field; fails if the configuration has changed since it was read. */
export async function writeBundles(
  client: ApiClient,
  kind: ConfigurationKind,
  { metadata, webhooks = [] }: WebhookConfiguration,
  pem: string,
  options?: CallOptions,
): Promise<void> {
  const value = Buffer.from(pem).toString('base64');
  const operations = [
    { op: 'test', path: '/metadata/resourceVersion', value: metadata?.resourceVersion },
    ...webhooks.map((_, index) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value })),
  ];
  const contentType = 'application/json-patch+json';
  await client.send('PATCH', `${configurationPath(kind)}/${metadata?.name}`, operations, { ...options, contentType });
}

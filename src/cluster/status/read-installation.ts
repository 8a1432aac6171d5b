import type { V1Deployment } from '@kubernetes/client-node';
import type { Status } from '../../status/status.ts';
import { type ApiClient, unlessRejected } from '../api/index.ts';
import { type ConfigurationKind, readConfiguration, type WebhookConfiguration } from '../webhook-configuration.ts';
import { timeoutMs } from './status-config-map.ts';

/** The objects of an installation that the status is about. */
export interface Installation {
  readonly replicas: Status['replicas'];
  readonly configurations: Readonly<Record<ConfigurationKind, WebhookConfiguration | undefined>>;
}

export async function readInstallation(
  client: ApiClient,
  names: {
    readonly namespace: string;
    readonly deployment?: string | undefined;
    readonly webhookConfiguration: string;
  },
): Promise<Installation> {
  const { webhookConfiguration } = names;
  const [replicas, mutating, validating] = await Promise.all([
    readReplicas(client, names),
    readConfiguration(client, 'mutating', webhookConfiguration, { timeoutMs }),
    readConfiguration(client, 'validating', webhookConfiguration, { timeoutMs }),
  ]);
  return { replicas, configurations: { mutating, validating } };
}

async function readReplicas(
  client: ApiClient,
  { namespace, deployment }: { readonly namespace: string; readonly deployment?: string | undefined },
): Promise<Status['replicas']> {
  if (deployment === undefined) return null;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
  const found = (await unlessRejected([403, 404], client.get(path, {}, { timeoutMs }))) as V1Deployment | undefined;
  if (found === undefined) return null;
  return { ready: found.status?.readyReplicas ?? 0, desired: found.spec?.replicas ?? 1 };
}

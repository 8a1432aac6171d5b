import type { ApiClient } from '../cluster/api/index.ts';
import type { ConfigurationKind, WebhookConfiguration } from '../cluster/webhook-configuration.ts';
import type { Status, WebhookStates } from '../status/status.ts';
import { webhookStates } from '../status/webhook-state.ts';

/** The command line's place of the status in the cluster. */
export interface StatusPlace {
  /** The namespace of Podwright. */
  readonly namespace?: string;
  readonly configMap?: string;
}

/** An installation as it is now, and as its leader described it. */
export interface InstalledStatus {
  /** Undefined if the webhook configurations may not be read. */
  readonly webhooks: WebhookStates | undefined;
  /** The place of the status as `namespace/name`; undefined if the namespace is unknown. */
  readonly place: string | undefined;
  readonly status: Status | undefined;
  /** Why the ConfigMap at the place has no status that can be read; undefined if there is none at all. */
  readonly problem: string | undefined;
}

/**
 * Reads the status of the installation that the API server calls, because anyone who can create ConfigMaps elsewhere
 * could imitate one.
 * @throws ApiError if the API server cannot be reached, or the status may not be read.
 */
export async function installedStatus(client: ApiClient, place: StatusPlace): Promise<InstalledStatus> {
  const { readStatus } = await import('../cluster/status/index.ts');
  const [mutating, validating] = await Promise.all([read(client, 'mutating'), read(client, 'validating')]);
  const isReadable = mutating !== 'forbidden' && validating !== 'forbidden';
  const webhooks = isReadable
    ? { mutating: webhookStates(mutating), validating: webhookStates(validating) }
    : undefined;
  const service = serviceOf(validating) ?? serviceOf(mutating);
  const namespace = place.namespace ?? service?.namespace;
  if (namespace === undefined) return { webhooks, place: undefined, status: undefined, problem: undefined };
  const configMap = place.configMap ?? `${service?.name ?? 'podwright'}-status`;
  const { status, problem } = await readStatus(client, { namespace, configMap });
  return { webhooks, place: `${namespace}/${configMap}`, status, problem };
}

type Read = WebhookConfiguration | undefined | 'forbidden';

async function read(client: ApiClient, kind: ConfigurationKind): Promise<Read> {
  const { statusOf } = await import('../cluster/api/index.ts');
  const { readConfiguration } = await import('../cluster/webhook-configuration.ts');
  return readConfiguration(client, kind, 'podwright').catch((error: unknown) => {
    if (statusOf(error) === 403) return 'forbidden';
    throw error;
  });
}

function serviceOf(configuration: Read) {
  if (configuration === undefined || configuration === 'forbidden') return undefined;
  return configuration.webhooks?.map(({ clientConfig }) => clientConfig.service).find((each) => each !== undefined);
}

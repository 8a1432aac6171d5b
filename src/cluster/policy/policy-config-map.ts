import type { V1ConfigMap } from '@kubernetes/client-node';
import {
  type ApiClient,
  type CollectionOptions,
  unlessRefused,
  type WatchedObject,
  watchObject,
} from '../api/index.ts';

/** Where the policy of an installation is, and what serves it. */
export interface PolicyNames {
  readonly namespace: string;
  readonly configMap: string;
  /** The Deployment of the replicas, where there is one. */
  readonly deployment?: string | undefined;
}

/** Follows the ConfigMap of the policy. */
export function watchPolicyConfigMap(
  { namespace, configMap }: PolicyNames,
  options: Pick<CollectionOptions<unknown>, 'client' | 'metrics' | 'log' | 'backoff'> & {
    readonly onChange: () => void;
  },
): WatchedObject<V1ConfigMap> {
  return watchObject<V1ConfigMap>({
    ...options,
    resource: 'configmaps',
    path: configMapsIn(namespace),
    name: configMap,
    ifRefused: 'the policy file alone is followed, which is mounted and may be a minute behind',
  });
}

const lastValidKey = 'last-valid.yaml';
const apply = {
  contentType: 'application/apply-patch+yaml',
  query: { fieldManager: 'podwright', force: true },
};

/** The ConfigMap that keeps the text of the last valid policy, for replicas that start while there is none. */
const lastValidName = ({ configMap }: Pick<PolicyNames, 'configMap'>): string => `${configMap}-last-valid`;

const lastValidPath = (names: PolicyNames): string => `${configMapsIn(names.namespace)}/${lastValidName(names)}`;

/** Undefined where none has been kept yet. */
export async function readLastValid(client: ApiClient, names: PolicyNames): Promise<string | undefined> {
  const kept = (await unlessRefused([404], client.get(lastValidPath(names)))) as V1ConfigMap | undefined;
  return kept?.data?.[lastValidKey];
}

/** Creates the ConfigMap where it was deleted; a create by name can be permitted by name, unlike a POST. */
export async function writeLastValid(client: ApiClient, names: PolicyNames, text: string): Promise<void> {
  const { namespace } = names;
  const metadata = { namespace, name: lastValidName(names) };
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [lastValidKey]: text } };
  await client.send('PATCH', lastValidPath(names), body, apply);
}

const configMapsIn = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;

import type { V1ConfigMap } from '@kubernetes/client-node';
import {
  type ApiClient,
  type CollectionOptions,
  unlessRejected,
  type WatchedObject,
  watchObject,
} from '../api/index.ts';

/** The names of the objects that hold and use the policy. */
export interface PolicyNames {
  readonly namespace: string;
  readonly configMap: string;
  /** The Deployment of the replicas, if there is one. */
  readonly deployment?: string | undefined;
}

/** Calls `onChange` when the ConfigMap of the policy changes, is deleted or turns out to be unreadable. */
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
    ifRejected: 'only the mounted policy file is watched, which may be a minute behind',
  });
}

const lastValidKey = 'last-valid.yaml';
const apply = {
  contentType: 'application/apply-patch+yaml',
  query: { fieldManager: 'podwright', force: true },
};

/** The ConfigMap with the text of the last valid policy, for replicas that start while the current one is invalid. */
const lastValidName = ({ configMap }: Pick<PolicyNames, 'configMap'>): string => `${configMap}-last-valid`;

const lastValidPath = (names: PolicyNames): string => `${configMapsIn(names.namespace)}/${lastValidName(names)}`;

/** Undefined if none has been written yet. */
export async function readLastValid(client: ApiClient, names: PolicyNames): Promise<string | undefined> {
  const kept = (await unlessRejected([404], client.get(lastValidPath(names)))) as V1ConfigMap | undefined;
  return kept?.data?.[lastValidKey];
}

/** Recreates the ConfigMap if it was deleted. RBAC can limit a create by apply to the name, unlike a POST. */
export async function writeLastValid(client: ApiClient, names: PolicyNames, text: string): Promise<void> {
  const { namespace } = names;
  const metadata = { namespace, name: lastValidName(names) };
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [lastValidKey]: text } };
  await client.send('PATCH', lastValidPath(names), body, apply);
}

const configMapsIn = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;

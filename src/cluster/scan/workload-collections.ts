import { customKinds, type PodTemplateKind } from '../../manifests/pod-template.ts';
import { type ApiClient, ApiError } from '../api/index.ts';
import { type Collection, collection, type Unreadable } from './collection.ts';

/** Owners before the objects that they own. */
const workloads = [
  collection('apps/v1', 'Deployment', 'deployments', true),
  collection('apps/v1', 'StatefulSet', 'statefulsets', true),
  collection('apps/v1', 'DaemonSet', 'daemonsets', true),
  collection('batch/v1', 'CronJob', 'cronjobs', true),
  collection('v1', 'ReplicationController', 'replicationcontrollers', true),
  collection('v1', 'PodTemplate', 'podtemplates', true),
  collection('apps/v1', 'ReplicaSet', 'replicasets', true),
  collection('batch/v1', 'Job', 'jobs', true),
];
const pods = collection('v1', 'Pod', 'pods', true);

interface GroupList {
  readonly groups?: readonly {
    readonly name: string;
    readonly versions?: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
}

interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

interface DiscoveryOptions {
  readonly client: ApiClient;
  /** API groups whose resources could not be discovered. */
  readonly unreadable: Unreadable[];
  readonly signal?: AbortSignal | undefined;
}

type WantedKind = Pick<PodTemplateKind, 'group' | 'kind'>;

/**
 * The collections to scan, Pods last: those of Kubernetes, and the installed custom kinds with Pods. Lists the API
 * groups and the resources of each relevant group.
 * @throws ApiError if discovery fails.
 */
export async function workloadCollections(
  podTemplates: readonly PodTemplateKind[],
  options: DiscoveryOptions,
): Promise<Collection[]> {
  const known = new Set(workloads.map(({ resource }) => resource));
  const wanted = [...podTemplates, ...customKinds];
  const { groups = [] } = (await options.client.get('/apis', {}, { signal: options.signal })) as GroupList;
  const found = await Promise.all(
    groups.map(async ({ name, versions = [], preferredVersion }) => {
      const kinds = wanted.filter(({ group }) => group === name);
      const inOrder = new Set([preferredVersion, ...versions].flatMap((each) => each?.version ?? []));
      return kinds.length === 0 ? [] : installed(options, name, inOrder, kinds);
    }),
  );
  const custom = found.flat().filter(({ resource }) => !known.has(resource));
  return [...custom, ...workloads, pods];
}

/** Only the collections of Kubernetes, if the API server does not list the others. */
export const builtInCollections: readonly Collection[] = [...workloads, pods];

/** The namespaced kinds of a group that are installed, each in the first version that has it. */
async function installed(
  options: DiscoveryOptions,
  group: string,
  versions: ReadonlySet<string>,
  kinds: readonly WantedKind[],
): Promise<Collection[]> {
  const found = new Map<string, Collection>();
  const names = new Set(kinds.map(({ kind }) => kind));
  for (const version of versions) {
    const apiVersion = `${group}/${version}`;
    for (const { name, kind, namespaced } of await resourcesOf(options, apiVersion))
      if (namespaced && !name.includes('/') && names.has(kind) && !found.has(kind))
        found.set(kind, collection(apiVersion, kind, name, false));
    if (found.size === names.size) break;
  }
  return [...names].flatMap((name) => found.get(name) ?? []);
}

async function resourcesOf(
  { client, unreadable, signal }: DiscoveryOptions,
  apiVersion: string,
): Promise<NonNullable<ResourceList['resources']>> {
  try {
    const { resources = [] } = (await client.get(`/apis/${apiVersion}`, {}, { signal })) as ResourceList;
    return resources;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === undefined || error.status === 401) throw error;
    // A group that disappears meanwhile has no kinds; an aggregated API server that is down may have some.
    if (error.status !== 404) unreadable.push({ resource: `*.${apiVersion.split('/')[0]}`, message: error.message });
    return [];
  }
}

import { gatherSurroundings, type KnownCluster } from '../../audit/surroundings.ts';
import type { Surroundings } from '../../engine/surroundings.ts';
import { type ApiClient, ApiError, listPages } from '../api/index.ts';
import type { Unreadable } from './collection.ts';

export interface ReadCluster extends KnownCluster {
  /** Resources that may not be read and are therefore unknown. */
  readonly unreadable: readonly Unreadable[];
}

const pageSize = 500;

/**
 * Reads namespace labels and LimitRanges, of all namespaces or of one.
 * @throws ApiError if the API server cannot be reached or does not accept the credentials.
 */
export async function readSurroundings(
  client: ApiClient,
  about: Pick<KnownCluster, 'now'> &
    Pick<Surroundings, 'minor'> & {
      readonly namespace?: string | undefined;
      readonly signal?: AbortSignal | undefined;
    },
): Promise<ReadCluster> {
  const { minor, now, namespace, signal } = about;
  const unreadable: Unreadable[] = [];
  const gathered = gatherSurroundings({ minor, now, defaultNamespace: namespace ?? 'default' });
  const orUnreadable = async (resource: string, reading: Promise<void>): Promise<void> => {
    try {
      await reading;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      unreadable.push({ resource, message: error.message });
    }
  };
  const each = async (path: string, metadataOnly: boolean, add: (item: unknown) => void): Promise<void> => {
    for await (const items of listPages(client, path, { limit: pageSize, metadataOnly, signal })) items.forEach(add);
  };
  const one = async (name: string): Promise<void> =>
    gathered.addNamespace(await client.get(`/api/v1/namespaces/${name}`, {}, { metadataOnly: true, signal }));
  await Promise.all([
    orUnreadable(
      'namespaces',
      namespace === undefined ? each('/api/v1/namespaces', true, gathered.addNamespace) : one(namespace),
    ),
    orUnreadable(
      'limitranges',
      each(
        `/api/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}/limitranges`,
        false,
        gathered.addLimitRange,
      ),
    ),
  ]);
  return { ...gathered, unreadable };
}

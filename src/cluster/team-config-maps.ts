import { teamConfigMap, teamTextOf } from '../manifests/team-config-map.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import {
  type ApiClient,
  type CollectionOptions,
  listPages,
  type WatchedCollection,
  watchCollection,
} from './api/index.ts';

/** The exemptions that a team has written in its namespace. */
export interface TeamText {
  readonly namespace: string;
  readonly text: string;
  /** Of the ConfigMap, for Events. */
  readonly uid?: string | undefined;
}

// RBAC can limit reading to a name, but not to a label
const query = { fieldSelector: `metadata.name=${teamConfigMap.name}` };

function read(configMap: unknown): TeamText {
  const { namespace = '', uid } = metadataOf(configMap);
  return { namespace, text: teamTextOf(configMap), uid };
}

/**
 * Reads what teams have written, in all namespaces or in one.
 * @throws ApiError if it may not be read or the API server cannot be reached.
 */
export async function readTeamTexts(client: ApiClient, namespace?: string): Promise<TeamText[]> {
  const path = namespace === undefined ? '/api/v1/configmaps' : `/api/v1/namespaces/${namespace}/configmaps`;
  const texts: TeamText[] = [];
  for await (const items of listPages(client, path, { limit: 500, query })) texts.push(...items.map(read));
  return texts;
}

/** Watches the ConfigMaps in which teams write exemptions, in all namespaces. */
export const watchTeamTexts = (
  options: Pick<
    CollectionOptions<TeamText>,
    'client' | 'metrics' | 'log' | 'backoff' | 'onReplace' | 'onUpsert' | 'onDelete' | 'onRejected'
  >,
): WatchedCollection =>
  watchCollection<TeamText>({
    ...options,
    resource: 'exemptions',
    path: '/api/v1/configmaps',
    query,
    read,
    ifRejected: 'those of teams have no effect; set selfService.enabled in the chart',
  });

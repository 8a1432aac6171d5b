import type { ApiClient } from '../cluster/api/index.ts';
import type { ReadCluster } from '../cluster/scan/index.ts';
import { connectionProblem } from './connection-problem.ts';

/** The command line's selection of a cluster and namespace. */
export interface ClusterOptions {
  readonly context?: string;
  /** Only this namespace. */
  readonly namespace?: string;
  readonly includeExcluded?: boolean;
  /** The minor version to check against, instead of the cluster's. */
  readonly kubernetesVersion?: number;
}

/** A reachable cluster. */
export interface OpenedCluster {
  /** Its name in the kubeconfig. */
  readonly name: string;
  readonly client: ApiClient;
  readonly surroundings: ReadCluster;
  readonly isExcluded: (namespace: string) => boolean;
}

/** Connects to the cluster of the kubeconfig, or returns a one-line reason why that fails. */
export async function openCluster(options: ClusterOptions): Promise<OpenedCluster | { readonly problem: string }> {
  const { namespace, includeExcluded = false } = options;
  const { ApiError, loadConfig, openApiClient } = await import('../cluster/api/index.ts');
  const { excludedNamespaces, readSurroundings } = await import('../cluster/scan/index.ts');
  const { minorIn } = await import('../cluster/version.ts');
  const client = openApiClient({ context: options.context });
  try {
    const minor = options.kubernetesVersion ?? minorIn(await client.get('/version'));
    const surroundings = await readSurroundings(client, { minor, now: Date.now(), namespace });
    // a namespace that is named explicitly is always included
    const everything = includeExcluded || namespace !== undefined;
    const isExcluded = everything ? () => false : await excludedNamespaces(client, surroundings);
    const { cluster } = loadConfig({ context: options.context });
    return { name: cluster.name, client, surroundings, isExcluded };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404 && namespace !== undefined)
      return { problem: `the cluster has no namespace "${namespace}"` };
    return { problem: connectionProblem(error) };
  }
}

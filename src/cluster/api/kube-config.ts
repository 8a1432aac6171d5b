import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
// a named import keeps the bundle small: the whole library takes four times as much
import { type Cluster, KubeConfig } from '@kubernetes/client-node';

/**
 * The source of credentials for the API server: a kubeconfig, by default the one that kubectl uses, in a named context
 * or the current one; or the service account of this Pod.
 */
export type ClusterAccess =
  | { readonly kubeconfig?: string | undefined; readonly context?: string | undefined }
  | 'in-cluster';

/** Credentials and their cluster. */
export interface LoadedConfig {
  readonly config: KubeConfig;
  readonly cluster: Cluster;
}

/**
 * Reads the credentials where kubectl would: from a named file, the files of KUBECONFIG, `~/.kube/config`, or this
 * Pod's service account.
 * @throws Error whose message states what is missing and where.
 */
export function loadConfig(access: ClusterAccess): LoadedConfig {
  if (access === 'in-cluster') return inCluster();
  const files = filesFor(access.kubeconfig);
  const [first] = files;
  if (first === undefined) {
    if (env['KUBERNETES_SERVICE_HOST'] !== undefined && access.context === undefined) return inCluster();
    throw new Error(`there is no kubeconfig at ${candidates().join(' or ')}`);
  }
  const config = merged(files.map(read));
  return { config, cluster: clusterOf(config, access.context, files.join(delimiter)) };
}

function inCluster(): LoadedConfig {
  if (env['KUBERNETES_SERVICE_HOST'] === undefined)
    throw new Error('podwright does not run in a Pod: KUBERNETES_SERVICE_HOST is not set');
  const config = new KubeConfig();
  config.loadFromCluster();
  return { config, cluster: clusterOf(config, undefined, 'the credentials of the Pod') };
}

/** Like kubectl, skips missing files of KUBECONFIG; a named file must exist. */
function filesFor(named: string | undefined): string[] {
  if (named !== undefined) return [named];
  return candidates().filter((file) => existsSync(file));
}

function candidates(): string[] {
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}

function read(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`kubeconfig ${file} does not exist`, { cause: error });
    if (code !== undefined) throw new Error(`kubeconfig ${file} cannot be read (${code})`, { cause: error });
    const [reason = ''] = message.split('\n');
    throw new Error(`${file} is not a kubeconfig: ${reason}`, { cause: error });
  }
  return config;
}

/** If several files define an entry, the first one wins. */
function merged([config, ...others]: readonly KubeConfig[]): KubeConfig {
  if (config === undefined) throw new Error('there is no kubeconfig');
  for (const other of others) {
    if (!config.getCurrentContext()) config.setCurrentContext(other.getCurrentContext());
    for (const cluster of other.getClusters()) if (config.getCluster(cluster.name) === null) config.addCluster(cluster);
    for (const user of other.getUsers()) if (config.getUser(user.name) === null) config.addUser(user);
    for (const context of other.getContexts())
      if (config.getContextObject(context.name) === null) config.addContext(context);
  }
  return config;
}

function clusterOf(config: KubeConfig, context: string | undefined, source: string): Cluster {
  const name = context ?? config.getCurrentContext();
  const known = config.getContexts().map((each) => each.name);
  const list = known.length === 0 ? 'it has none' : `it has ${known.map((each) => `"${each}"`).join(', ')}`;
  if (!name) throw new Error(`${source} has no current context; name the one to use (${list})`);
  const found = config.getContextObject(name);
  if (found === null) throw new Error(`${source} has no context "${name}" (${list})`);
  config.setCurrentContext(name);
  const cluster = config.getCluster(found.cluster);
  if (cluster === null) throw new Error(`${source} has no cluster "${found.cluster}", which context "${name}" is for`);
  return cluster;
}

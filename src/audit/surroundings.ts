import type { Labels } from '../engine/namespace-entry.ts';
import type { Neighbors } from '../engine/neighbors.ts';
import type { Surroundings } from '../engine/surroundings.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { type LimitDefaults, limitDefaultsOf } from '../subject/limit-range.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import {
  boundAccountsOf,
  configSources,
  configsOf,
  type Neighborhood,
  neighborAdditions,
  openNeighborhood,
} from './neighbors/index.ts';

/** The known part of a cluster, for an audit, a scan or a preview, where no request names the namespace. */
export interface KnownCluster {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The namespace of objects that do not specify one. */
  readonly defaultNamespace: string;
  /** The surroundings of the Pods of a namespace. */
  at(namespace: string): Surroundings;
}

/** The facts that are known before anything is read. */
type Known = Pick<KnownCluster, 'now' | 'defaultNamespace'> & Pick<Surroundings, 'minor'>;

/** A cluster while its objects come in. */
export interface GatheredCluster extends KnownCluster {
  addNamespace(content: unknown): void;
  addLimitRange(content: unknown): void;
  /** Adds a PriorityClass, which counts in every namespace. */
  addPriorityClass(name: string): void;
  /** The neighborhood of a namespace, which the first call creates. */
  near(namespace: string | undefined): Neighborhood;
}

/** A cluster of which no object has been read. */
export function gatherSurroundings({ minor, now, defaultNamespace }: Known): GatheredCluster {
  const labels = new Map<string, Labels>();
  const limits = new Map<string, LimitDefaults[]>();
  const neighborhoods = new Map<string, Neighborhood>();
  const priorityClasses = new Set<string>();
  const alone = openNeighborhood(priorityClasses);
  return {
    now,
    defaultNamespace,
    at: (namespace) => ({
      minor,
      now,
      namespaceLabels: labels.get(namespace),
      limitDefaults: limits.get(namespace) ?? [],
      neighbors: neighborhoods.get(namespace) ?? (priorityClasses.size > 0 ? alone : undefined),
    }),
    addNamespace(content) {
      const { name = '', labels: own } = metadataOf(content);
      // The API server sets this label on each namespace.
      labels.set(name, { ...own, 'kubernetes.io/metadata.name': name });
    },
    addLimitRange(content) {
      const { namespace = defaultNamespace } = metadataOf(content);
      limits.set(namespace, [...(limits.get(namespace) ?? []), limitDefaultsOf(content)]);
    },
    addPriorityClass: (name) => priorityClasses.add(structuredClone(name)),
    near(namespace = defaultNamespace) {
      const neighborhood = neighborhoods.get(namespace) ?? openNeighborhood(priorityClasses);
      neighborhoods.set(namespace, neighborhood);
      return neighborhood;
    },
  };
}

/** The cluster with the neighbors of one of its namespaces. */
export const withNeighbors = (
  cluster: KnownCluster,
  namespace: string,
  neighbors: Neighbors | undefined,
): KnownCluster => ({
  ...cluster,
  at: (name) => ({ ...cluster.at(name), ...(name === namespace && { neighbors }) }),
});

type Add = (gathered: GatheredCluster, object: KubernetesObject) => void;

/** The effect of an object on others, by `group/kind`. */
const additions: ReadonlyMap<string, Add> = new Map<string, Add>([
  ['/Namespace', (gathered, { content }) => gathered.addNamespace(content)],
  ['/LimitRange', (gathered, { content }) => gathered.addLimitRange(content)],
  ...[...neighborAdditions].map(([key, add]): [string, Add] => [
    key,
    (gathered, object) => add(gathered.near(object.namespace), object),
  ]),
  ['scheduling.k8s.io/PriorityClass', (gathered, { name }) => gathered.addPriorityClass(name)],
  ...[...configSources.keys()].map((key): [string, Add] => [key, addConfig]),
  ['rbac.authorization.k8s.io/RoleBinding', bindAccounts],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', bindAccounts],
]);

const kinds = [...additions.keys()].map((key) => key.slice(key.indexOf('/') + 1));

/** Matches every text that contains an object for `addSurrounding`. */
export const surroundingKinds = new RegExp(`\\b(?:${kinds.join('|')})(?:List)?\\b`);

/** Whether an object affects others. */
export const isSurrounding = ({ group, kind }: KubernetesObject): boolean => additions.has(`${group}/${kind}`);

/** Adds an object that affects others, such as a Namespace, a LimitRange or a Service; all others are skipped. */
export function addSurrounding(gathered: GatheredCluster, object: KubernetesObject): void {
  additions.get(`${object.group}/${object.kind}`)?.(gathered, object);
}

function addConfig(gathered: GatheredCluster, object: KubernetesObject): void {
  for (const config of configsOf(object)) gathered.near(object.namespace).addConfig(config);
}

function bindAccounts(gathered: GatheredCluster, object: KubernetesObject): void {
  for (const { namespace, name } of boundAccountsOf(object)) gathered.near(namespace).bind(name);
}

/** The surroundings that some objects describe. */
export function surroundingsOf(objects: Iterable<KubernetesObject>, known: Known): KnownCluster {
  const gathered = gatherSurroundings(known);
  for (const object of objects) addSurrounding(gathered, object);
  return gathered;
}

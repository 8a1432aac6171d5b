import type { Account, Budget, ConfigKind, Neighbors, PodNetworkPolicy, Quota } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { type ReadAutoscaler, readAutoscaler, readScaledObject } from './autoscaler.ts';
import { everyAccount } from './bound-accounts.ts';
import { readBudget } from './budget.ts';
import type { Config } from './config-sources.ts';
import { readNetworkPolicy } from './network-policy.ts';
import { readQuota } from './quota.ts';
import { openSelected } from './selected-objects.ts';
import type { Selecting } from './selector-index.ts';
import { openServices } from './services.ts';

/** The neighbors in one namespace while its objects come in, in any order, as files hold them. */
export interface Neighborhood extends Required<Omit<Neighbors, 'quotas'>>, Pick<Neighbors, 'quotas'> {
  addService(object: KubernetesObject): void;
  addBudget(object: KubernetesObject): void;
  addAutoscaler(autoscaler: ReadAutoscaler): void;
  addAccount(object: KubernetesObject): void;
  addNetworkPolicy(object: KubernetesObject): void;
  addQuota(object: KubernetesObject): void;
  addConfig(config: Config): void;
  /** Adds that a role is bound to the ServiceAccount of this name, or to `everyAccount`. */
  bind(account: string): void;
}

/** Opens the neighborhood of a namespace; PriorityClasses belong to the cluster. */
export function openNeighborhood(priorityClasses: ReadonlySet<string> = new Set()): Neighborhood {
  const services = openServices();
  const budgets = openSelected<Budget & Selecting>();
  const networkPolicies = openSelected<PodNetworkPolicy & Selecting>();
  const autoscalers = new Map<string, ReadAutoscaler>();
  const quotas: Quota[] = [];
  const configs: Readonly<Record<ConfigKind, Set<string>>> = { ConfigMap: new Set(), Secret: new Set() };
  const optedOut = new Set<string>();
  const bound = new Set<string>();
  return {
    source: 'manifests',
    servicesOf: services.selecting,
    get hasSelectingService() {
      return services.isAnySelecting();
    },
    budgetsOf: ({ metadata }) => budgets.selecting(metadata.labels),
    accountOf({ spec }): Account {
      const name = spec.serviceAccountName || spec.serviceAccount || 'default';
      return { optsOut: optedOut.has(name), isBound: bound.has(name) || bound.has(everyAccount) };
    },
    serviceNamed: services.named,
    autoscalerOf: ({ kind, name }) => autoscalers.get(`${kind}/${name}`),
    networkPoliciesOf: ({ metadata }) => networkPolicies.selecting(metadata.labels),
    get quotas() {
      return quotas.length > 0 ? quotas : undefined;
    },
    hasPriorityClass: (name) => (priorityClasses.size > 0 ? priorityClasses.has(name) : undefined),
    hasConfig: (kind, name) => (configs[kind].size > 0 ? configs[kind].has(name) : undefined),
    addService: services.add,
    addBudget(object) {
      const budget = readBudget(object);
      if (budget !== undefined) budgets.add(budget);
    },
    addAutoscaler(given) {
      const autoscaler = structuredClone(given);
      autoscalers.set(`${autoscaler.target.kind}/${autoscaler.target.name}`, autoscaler);
    },
    addNetworkPolicy: (object) => networkPolicies.add(readNetworkPolicy(object)),
    addQuota: (object) => quotas.push(structuredClone(readQuota(object))),
    addConfig: ({ kind, name }) => configs[kind].add(structuredClone(name)),
    addAccount({ name, content }) {
      if (content['automountServiceAccountToken'] === false) optedOut.add(structuredClone(name));
    },
    bind: (account) => bound.add(structuredClone(account)),
  };
}

/** The part of an object that the neighborhood of its namespace keeps, by `group/kind`. */
export const neighborAdditions: ReadonlyMap<string, (near: Neighborhood, object: KubernetesObject) => void> = new Map([
  ['/Service', (near: Neighborhood, object: KubernetesObject) => near.addService(object)],
  ['/ServiceAccount', (near, object) => near.addAccount(object)],
  ['/ResourceQuota', (near, object) => near.addQuota(object)],
  ['policy/PodDisruptionBudget', (near, object) => near.addBudget(object)],
  ['autoscaling/HorizontalPodAutoscaler', (near, object) => near.addAutoscaler(readAutoscaler(object))],
  ['keda.sh/ScaledObject', (near, object) => near.addAutoscaler(readScaledObject(object))],
  ['networking.k8s.io/NetworkPolicy', (near, object) => near.addNetworkPolicy(object)],
]);

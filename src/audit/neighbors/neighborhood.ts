import type {
  Account,
  Budget,
  ConfigKind,
  Neighbors,
  PodNetworkPolicy,
  Quota,
  Service,
} from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { valueAt } from '../../patch/pointer.ts';
import { decode } from '../../subject/decode.ts';
import type { LabelSelector } from '../../subject/label-selector.ts';
import { type ReadAutoscaler, readAutoscaler, readScaledObject } from './autoscaler.ts';
import { everyAccount } from './bound-accounts.ts';
import type { Config } from './config-sources.ts';
import { labelsOfTemplate, namesAddedLabel, selectorOfTemplates } from './controller-labels.ts';
import { readNetworkPolicy } from './network-policy.ts';
import { readQuota } from './quota.ts';
import { openSelectorIndex, type Selecting } from './selector-index.ts';

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

type IntOrString = number | string;

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly clusterIP?: string;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port?: number;
    readonly targetPort?: IntOrString;
    readonly protocol?: string;
  }[];
}

interface BudgetSpec {
  readonly selector?: LabelSelector;
  readonly minAvailable?: IntOrString;
  readonly maxUnavailable?: IntOrString;
  readonly unhealthyPodEvictionPolicy?: string;
}

/** Opens the neighborhood of a namespace; PriorityClasses belong to the cluster. */
export function openNeighborhood(priorityClasses: ReadonlySet<string> = new Set()): Neighborhood {
  const services = openSelected<Service & Selecting>();
  // those that select a Pod by a label that its template does not have
  const servicesByAdded = openSelected<Service & Selecting>();
  let selectsAny = false;
  const budgets = openSelected<Budget & Selecting>();
  const networkPolicies = openSelected<PodNetworkPolicy & Selecting>();
  const headless = new Map<string, boolean>();
  const autoscalers = new Map<string, ReadAutoscaler>();
  const quotas: Quota[] = [];
  const configs: Readonly<Record<ConfigKind, Set<string>>> = { ConfigMap: new Set(), Secret: new Set() };
  const optedOut = new Set<string>();
  const bound = new Set<string>();
  return {
    source: 'manifests',
    servicesOf(pod) {
      if (headless.size === 0) return undefined;
      const found = services.selecting(pod.metadata.labels);
      return pod.isTemplate ? [...found, ...servicesByAdded.selecting(labelsOfTemplate(pod))] : found;
    },
    get hasSelectingService() {
      return selectsAny;
    },
    budgetsOf: ({ metadata }) => budgets.selecting(metadata.labels),
    accountOf({ spec }): Account {
      const name = spec.serviceAccountName || spec.serviceAccount || 'default';
      return { optsOut: optedOut.has(name), isBound: bound.has(name) || bound.has(everyAccount) };
    },
    serviceNamed(name) {
      const isHeadless = headless.get(name);
      return isHeadless === undefined ? undefined : { name, isHeadless };
    },
    autoscalerOf: ({ kind, name }) => autoscalers.get(`${kind}/${name}`),
    networkPoliciesOf: ({ metadata }) => networkPolicies.selecting(metadata.labels),
    get quotas() {
      return quotas.length > 0 ? quotas : undefined;
    },
    hasPriorityClass: (name) => (priorityClasses.size > 0 ? priorityClasses.has(name) : undefined),
    hasConfig: (kind, name) => (configs[kind].size > 0 ? configs[kind].has(name) : undefined),
    addService(object) {
      headless.set(structuredClone(object.name), valueAt(object.content, '/spec/clusterIP') === 'None');
      const service = serviceOf(object);
      if (service === undefined) return;
      selectsAny = true;
      services.add(service);
      const { matchLabels } = service.selector;
      if (namesAddedLabel(matchLabels))
        servicesByAdded.add({ ...service, selector: { matchLabels: selectorOfTemplates(matchLabels) } });
    },
    addBudget(object) {
      const budget = budgetOf(object);
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

/** Objects of one kind by their selectors; the index is made for the first lookup after one was added. */
function openSelected<Each extends Selecting>() {
  const all: Each[] = [];
  let index: ((labels: Readonly<Record<string, string>>) => Each[]) | undefined;
  return {
    add(each: Each): void {
      // a copy: V8 keeps a piece of a text as a view, and with it the whole file
      all.push(structuredClone(each));
      index = undefined;
    },
    selecting(labels: Readonly<Record<string, string>> = {}): Each[] {
      index ??= openSelectorIndex(all);
      return index(labels);
    },
  };
}

const specOf = <Spec extends object>(type: string, content: KubernetesObject['content']): Spec =>
  (decode(type, content['spec'], 'spec', []) ?? {}) as Spec;

/** Undefined for a Service that selects no Pods: its endpoints are written by others, or it is a DNS alias. */
function serviceOf({ name, content }: KubernetesObject) {
  const { selector = {}, type, clusterIP, ports = [] } = specOf<ServiceSpec>('ServiceSpec', content);
  if (Object.keys(selector).length === 0 || type === 'ExternalName') return undefined;
  return {
    name,
    selector: { matchLabels: selector },
    isHeadless: clusterIP === 'None',
    ports: ports.map((port) => ({
      name: port.name ?? '',
      target: targetOf(port.targetPort) ?? port.port ?? 0,
      protocol: port.protocol ?? 'TCP',
    })),
  };
}

/** The API server takes 0 and an empty name as not set. */
const targetOf = (target: IntOrString | undefined): IntOrString | undefined => target || undefined;

/** Undefined for a budget without a selector, and for an empty one of `v1beta1`: both select no Pods. */
function budgetOf({ apiVersion, name, content }: KubernetesObject): (Budget & Selecting) | undefined {
  const spec = specOf<BudgetSpec>('PodDisruptionBudgetSpec', content);
  const { selector } = spec;
  const expectedPods = valueAt(content, '/status/expectedPods');
  const isEmpty = Object.values(selector ?? {}).every((part) => Object.keys(part ?? {}).length === 0);
  if (selector === undefined || (isEmpty && apiVersion === 'policy/v1beta1')) return undefined;
  return {
    name,
    selector,
    minAvailable: spec.minAvailable,
    maxUnavailable: spec.maxUnavailable,
    evictsUnhealthy: spec.unhealthyPodEvictionPolicy === 'AlwaysAllow',
    expectedPods: Number.isInteger(expectedPods) ? (expectedPods as number) : undefined,
  };
}

import type { Owner, PodSubject } from '../subject/pod-subject.ts';

/** A kind of object that rules read beside a Pod of a cluster. */
export type NeighborKind =
  | 'Service'
  | 'PodDisruptionBudget'
  | 'HorizontalPodAutoscaler'
  | 'NetworkPolicy'
  | 'ResourceQuota'
  | 'PriorityClass'
  | 'ServiceAccount'
  | 'RoleBinding'
  | 'ClusterRoleBinding';

/** A Service, as far as rules read it. */
export interface Service {
  readonly name: string;
  /** It has no address of its own: clients get the Pods' addresses and choose the port themselves. */
  readonly isHeadless: boolean;
  readonly ports: readonly ServicePort[];
}

/** A port of a Service, as far as rules read it. */
export interface ServicePort {
  readonly name: string;
  /** The port of the Pod, by number or by name. */
  readonly target: number | string;
  readonly protocol: string;
}

/** A PodDisruptionBudget, as far as rules read it. */
export interface Budget {
  readonly name: string;
  readonly minAvailable: number | string | undefined;
  readonly maxUnavailable: number | string | undefined;
  /** Whether Pods that are not ready may always be evicted. */
  readonly evictsUnhealthy: boolean;
  /** The Pods of all workloads that it selects, as its controller counts them; known in a cluster. */
  readonly expectedPods: number | undefined;
}

/** A HorizontalPodAutoscaler, or a ScaledObject from which KEDA creates one, as far as rules read it. */
export interface Autoscaler {
  readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject';
  readonly name: string;
  /** The fewest replicas. */
  readonly minimum: number;
  /** The resources that it keeps at a share of the requests. */
  readonly utilizations: readonly Utilization[];
}

/** A resource that an autoscaler keeps at a share of the requests: of a container, or of the whole Pod. */
export interface Utilization {
  readonly resource: string;
  readonly container: string | undefined;
}

/** A NetworkPolicy, as far as rules read it. */
export interface PodNetworkPolicy {
  readonly name: string;
  /** The directions in which it isolates the Pods that it selects: `Ingress`, `Egress`. */
  readonly directions: readonly string[];
}

/** A ResourceQuota, as far as rules read it. */
export interface Quota {
  readonly name: string;
  /** The limited resources: `requests.cpu`, `pods`. */
  readonly resources: readonly string[];
  /** The Pods that count, as requirements that all hold; empty for all Pods. */
  readonly scopes: readonly QuotaScope[];
}

/** A requirement for the Pods that a ResourceQuota counts. */
export interface QuotaScope {
  /** `Terminating`, `NotBestEffort`, `PriorityClass`, … */
  readonly name: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** A kind of object with data that containers read. */
export type ConfigKind = 'ConfigMap' | 'Secret';

/** A ServiceAccount, as far as it is known. */
export interface Account {
  /** It sets `automountServiceAccountToken: false`. */
  readonly optsOut: boolean;
  /** A RoleBinding or a ClusterRoleBinding names it, so its Pods use the API. */
  readonly isBound: boolean;
}

/** The objects beside a Pod: those of its namespace that are evaluated together with it, or that its cluster has. */
export interface Neighbors {
  /** Manifests are evaluated as one release. In a cluster, admission decides without neighbors. */
  readonly source: 'manifests' | 'cluster';
  /** The Services that select the Pod; undefined if the Services of the namespace are not known. */
  servicesOf(pod: PodSubject): readonly Service[] | undefined;
  /** False if none of the Services selects any Pods, so that they prove nothing about these; absent in a cluster. */
  readonly hasSelectingService?: boolean;
  /** The PodDisruptionBudgets that select the Pod; undefined if those of the namespace are not known. */
  budgetsOf(pod: PodSubject): readonly Budget[] | undefined;
  /** The ServiceAccount that the Pod runs as; undefined if neither accounts nor role bindings are known. */
  accountOf(pod: PodSubject): Account | undefined;
  /** The Service of this name, selecting Pods or not; absent where not all are known. */
  readonly serviceNamed?: (name: string) => Pick<Service, 'name' | 'isHeadless'> | undefined;
  /** The autoscaler of this workload. */
  readonly autoscalerOf?: (workload: Owner) => Autoscaler | undefined;
  /** The NetworkPolicies that select the Pod. */
  readonly networkPoliciesOf?: (pod: PodSubject) => readonly PodNetworkPolicy[];
  /** The ResourceQuotas of the namespace; undefined if they are not known. */
  readonly quotas?: readonly Quota[] | undefined;
  /** Whether there is a PriorityClass of this name; undefined if none is known. */
  readonly hasPriorityClass?: (name: string) => boolean | undefined;
  /** Whether there is an object of this name, or one that creates it; undefined if none of the kind is known. */
  readonly hasConfig?: (kind: ConfigKind, name: string) => boolean | undefined;
}

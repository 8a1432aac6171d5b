import type { Owner, PodSubject } from '../subject/pod-subject.ts';

/** A Service, as far as rules read it. */
export interface Service {
  readonly name: string;
  /** It has no address of its own: clients get the Pods' addresses and choose the port themselves. */
  readonly isHeadless: boolean;
  readonly ports: readonly ServicePort[];
}

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
}

/** A ServiceAccount. */
export interface Account {
  /** It sets `automountServiceAccountToken: false`. */
  readonly optsOut: boolean;
  /** A RoleBinding or a ClusterRoleBinding names it, so its Pods use the API. */
  readonly isBound: boolean;
}

/** The objects of a Pod's namespace that are evaluated together with it. */
export interface Neighbors {
  /** The Services that select the Pod; undefined if no Service of the namespace is known. */
  servicesOf(pod: PodSubject): readonly Service[] | undefined;
  /** The PodDisruptionBudgets that select the Pod. */
  budgetsOf(pod: PodSubject): readonly Budget[];
  /** The fewest replicas that a HorizontalPodAutoscaler leaves this workload; undefined without one. */
  autoscaledMinimum(workload: Owner): number | undefined;
  /** The ServiceAccount that the Pod runs as. */
  accountOf(pod: PodSubject): Account;
}

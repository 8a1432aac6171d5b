import type { Mode } from '../engine/rule.ts';
import type { Counts } from './day-counts.ts';
import type { WebhookState } from './webhook-state.ts';

/** The state of an installation as its leader saw it. Times are ISO 8601 in UTC. */
export interface Status {
  /** The version of this format. */
  readonly version: 1;
  readonly written: string;
  /** The version of Podwright. */
  readonly podwright: string;
  /** Null if the Deployment is unknown. */
  readonly replicas: { readonly ready: number; readonly desired: number } | null;
  readonly policy: {
    readonly hash: string;
    readonly mode: Mode;
    readonly inForceSince: string;
    /** Why the current policy is invalid, so that the last valid one stays in force; empty if it is valid. */
    readonly problems: readonly string[];
  };
  readonly certificate: {
    readonly expires: string;
    /** Why the API server cannot be served with it; empty if it can. */
    readonly problems: readonly string[];
  };
  /** Null for a configuration that does not exist. */
  readonly webhooks: WebhookStates;
  /** Null before the first scan. */
  readonly scan: {
    readonly ended: string;
    readonly workloads: number;
    readonly findings: Readonly<Record<'enforce' | 'warn' | 'audit', number>>;
  } | null;
  /** The requests to all replicas since the beginning of the last day, without dry runs. */
  readonly lastDay: Counts & { readonly since: string };
  /** The exemptions that end first come first. */
  readonly exemptions: readonly ExemptionState[];
  readonly omittedExemptions: number;
  /** The number of namespaces by mode. */
  readonly modes: Readonly<Partial<Record<NamespaceMode, number>>>;
  /** Those with most denials come first; excluded ones are only counted. */
  readonly namespaces: readonly NamespaceState[];
  readonly omittedNamespaces: number;
}

/** The webhooks of both configurations. */
export type WebhookStates = Readonly<Record<'mutating' | 'validating', readonly WebhookState[] | null>>;

/** The mode in force in a namespace, unless the API server does not call Podwright for it. */
export type NamespaceMode = Mode | 'excluded';

/** A namespace with its requests of the last day. */
export interface NamespaceState extends Counts {
  readonly name: string;
  readonly mode: Mode;
}

/** An exemption in force, or one that has expired. */
export interface ExemptionState {
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  /** The last day, and how many days are left; null if it does not expire. */
  readonly expires: string | null;
  readonly daysLeft: number | null;
}

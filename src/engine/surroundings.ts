import type { LimitDefaults } from '../subject/limit-range.ts';
import type { Labels } from './namespace-entry.ts';
import type { Neighbors } from './neighbors.ts';

/**
 * The known surroundings of a Pod in the cluster: everything that a verdict may depend on besides the object, the
 * policy and the requester.
 */
export interface Surroundings {
  /** The cluster's Kubernetes minor version; undefined while it is not known. */
  readonly minor: number | undefined;
  /** Milliseconds since 1970. Absent: exemptions that ever expire do not hold. */
  readonly now?: number;
  /** The labels of the namespace; undefined while they are not known. */
  readonly namespaceLabels?: Labels | undefined;
  /** The defaults that LimitRanges of the namespace give new Pods. */
  readonly limitDefaults?: readonly LimitDefaults[];
  /** The objects beside its Pods; undefined where none are known, as at admission. */
  readonly neighbors?: Neighbors | undefined;
}

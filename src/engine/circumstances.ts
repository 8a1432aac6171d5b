import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import type { Exemption, Origin } from './exemption.ts';
import type { Finding, Group, Mode, Rule } from './rule.ts';

/** What an object had before an update. */
export interface ExistingFindings {
  /** Whether the update does not bring the finding: the object had it at this place, as bad or worse. */
  has(rule: Rule, finding: Pick<Finding, 'container' | 'path' | 'fault'>, pod: PodSubject): boolean;
}

/** What the verdict depends on besides subject and policy. */
export interface Circumstances {
  /** The cluster's Kubernetes minor version; undefined while it is not known. */
  readonly minor: number | undefined;
  /** A built-in controller creates the Pod. */
  readonly byController?: boolean;
  /** What the object had before this update. */
  readonly existing?: ExistingFindings;
  /** The object is the one that an update replaces: exemptions count though they have ended, whoever they are for. */
  readonly isFormer?: boolean;
  /** A further ceiling: `audit` for what is only recorded. */
  readonly ceiling?: Mode;
  /** Judge by this rule alone. */
  readonly only?: Rule;
  /** Judge by the rules of this group alone. */
  readonly group?: Group;
  /** Judge by the rules alone whose fixes are switched on: all that a patch can come of. */
  readonly repairsOnly?: boolean;
  /** Act on the rules' own modes, as if every ceiling were `enforce`: tells what would happen. */
  readonly lifted?: boolean;
  /** Repair also what is only audited: tells the patch that all fixes which are on would make. */
  readonly recording?: boolean;
  /** Where the subject comes from; without it neither an exemption nor an entry for namespaces holds. */
  readonly origin?: Origin;
  /** What exempts a finding of a rule besides the policy: a comment in the manifest. */
  readonly excuse?: ((rule: string, path: Pointer) => Exemption | undefined) | undefined;
  /** The object is as it will be stored: nothing repairs it any more. */
  readonly final?: boolean;
  /** Throws `OutOfTime` when the time for judging is over. */
  readonly checkTime?: () => void;
}

/** The time for judging is over. */
export class OutOfTime extends Error {
  constructor() {
    super('out of time');
    this.name = 'OutOfTime';
  }
}

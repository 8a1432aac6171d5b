import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import type { Exemption, Origin } from './exemption.ts';
import type { Neighbors } from './neighbors.ts';
import type { Finding, Group, Mode, Rule } from './rule.ts';

/** The findings of an object before an update. */
export interface ExistingFindings {
  /** Whether the finding predates the update: the object had it at this place, as bad or worse. */
  has(rule: Rule, finding: Pick<Finding, 'container' | 'path' | 'fault' | 'identity'>, pod: PodSubject): boolean;
}

/** Everything that the verdict depends on besides subject and policy. */
export interface Circumstances {
  /** The cluster's Kubernetes minor version; undefined if unknown. */
  readonly minor: number | undefined;
  /** A built-in controller creates the Pod. */
  readonly byController?: boolean;
  /** The objects beside this one; undefined if none are known. */
  readonly neighbors?: Neighbors | undefined;
  /** The findings of the object before this update. */
  readonly existing?: ExistingFindings;
  /** The object is the one that an update replaces: exemptions count even if they have expired, and for any requester. */
  readonly isFormer?: boolean;
  /** A further ceiling: `audit` if findings are only recorded. */
  readonly ceiling?: Mode;
  /** Evaluate only this rule. */
  readonly only?: Rule;
  /** Evaluate only the rules of this group. */
  readonly group?: Group;
  /** Evaluate only rules whose fixes are enabled: the only ones that can contribute to a patch. */
  readonly repairsOnly?: boolean;
  /** Use the rules' own modes, as if every ceiling were `enforce`, to report what would happen. */
  readonly lifted?: boolean;
  /** Also repair findings in mode `audit`, to report the patch of all enabled fixes. */
  readonly recording?: boolean;
  /** The origin of the subject; without it, neither exemptions nor namespace entries apply. */
  readonly origin?: Origin;
  /** Exemptions besides those of the policy: a comment in the manifest. */
  readonly commentedExemption?: ((rule: string, path: Pointer) => Exemption | undefined) | undefined;
  /** The object is as it will be stored: it will not be repaired any further. */
  readonly final?: boolean;
  /** Throws `OutOfTime` when the time for the evaluation is over. */
  readonly checkTime?: (() => void) | undefined;
}

/** The time for the evaluation is over. */
export class OutOfTime extends Error {
  constructor() {
    super('out of time');
    this.name = 'OutOfTime';
  }
}

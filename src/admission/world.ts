import type { Policy } from '../engine/policy.ts';
import type { Surroundings } from '../engine/surroundings.ts';

/** Everything that a decision depends on besides the request. */
export interface World extends Surroundings {
  readonly policy: Policy;
  /** Throws `OutOfTime` when the time for the evaluation is over. */
  readonly checkTime?: () => void;
}

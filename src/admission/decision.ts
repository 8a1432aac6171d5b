import type { EvaluatedFinding } from '../engine/evaluate.ts';
import type { RuleFailure } from '../engine/judge.ts';
import type { AdmissionRequest, AdmissionResponse } from './review.ts';

export type Webhook = 'mutate.podwright.dev' | 'pods.validate.podwright.dev' | 'workloads.validate.podwright.dev';
export type Verdict = 'allow' | 'deny' | 'audit_deny';

/** An answer, with what the log and the metrics tell of it. */
export interface Decision {
  readonly response: AdmissionResponse;
  /** Which webhook of the configuration asked. */
  readonly webhook: Webhook;
  readonly request: AdmissionRequest;
  readonly verdict: Verdict;
  /** Name, or generateName and `*`. */
  readonly name: string;
  /** The controller, `Kind/name`; undefined where there is none. */
  readonly owner: string | undefined;
  readonly source: 'pod' | 'template';
  readonly findings: readonly EvaluatedFinding[];
  readonly fixedRules: readonly string[];
  readonly patchOperations: number;
  /** The patch with the fixes of what is only audited, abridged. */
  readonly wouldPatch?: string;
  readonly failures: readonly RuleFailure[];
  /** Why a patch was not sent, if one was dropped. */
  readonly rejectedPatch: unknown;
  /** The time for judging was over before there was a verdict of rules. */
  readonly isLate?: boolean;
  /** Something for the log that is no finding: why a request was let through unjudged. */
  readonly note: string | undefined;
}

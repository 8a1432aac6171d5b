import type { EvaluatedFinding } from '../engine/evaluate.ts';
import type { RuleFailure } from '../engine/judge.ts';
import type { AdmissionRequest, AdmissionResponse } from './review.ts';

export type Webhook =
  | 'mutate.podwright.dev'
  | 'pods.validate.podwright.dev'
  | 'workloads.validate.podwright.dev'
  | 'policy.validate.podwright.dev'
  | 'exemptions.validate.podwright.dev';
export type Verdict = 'allow' | 'deny' | 'audit_deny';

/** An answer with the details that the log and the metrics report. */
export interface Decision {
  readonly response: AdmissionResponse;
  /** The webhook of the configuration that was called. */
  readonly webhook: Webhook;
  readonly request: AdmissionRequest;
  readonly verdict: Verdict;
  /** The name, or generateName and `*`. */
  readonly name: string;
  /** The controller as `Kind/name`; undefined if there is none. */
  readonly owner: string | undefined;
  readonly source: 'pod' | 'template';
  readonly findings: readonly EvaluatedFinding[];
  readonly fixedRules: readonly string[];
  readonly patchOperations: number;
  /** The abridged patch with the fixes of rules in mode `audit`. */
  readonly wouldPatch?: string;
  readonly failures: readonly RuleFailure[];
  /** Why a patch was dropped, if it was. */
  readonly rejectedPatch: unknown;
  /** The time limit was reached before the rules gave a verdict. */
  readonly isLate?: boolean;
  /** A log entry that is not a finding: why a request was admitted without evaluation. */
  readonly note: string | undefined;
}

/** The part of a decision that rules have no share in. */
export const noFindings = {
  findings: [],
  fixedRules: [],
  patchOperations: 0,
  failures: [],
  rejectedPatch: undefined,
} as const satisfies Partial<Decision>;

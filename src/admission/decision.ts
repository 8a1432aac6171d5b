import type { EvaluatedFinding } from '../engine/evaluate.ts';
import type { RuleFailure } from '../engine/round.ts';
import type { AdmissionRequest, AdmissionResponse, GroupVersionKind } from './review.ts';

/** The webhooks by their names in the configurations. */
export type Webhook =
  | 'mutate.podwright.dev'
  | 'pods.validate.podwright.dev'
  | 'workloads.validate.podwright.dev'
  | 'policy.validate.podwright.dev'
  | 'exemptions.validate.podwright.dev';

/** The path of the webhooks for Pods and workloads. */
export type WebhookPath = 'mutate' | 'validate';

/** `audit_deny`: admitted, but it would be denied under `enforce`. */
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

/** Admits a request without evaluating its object. */
export const withoutEvaluation = (request: AdmissionRequest, webhook: Webhook): Decision => ({
  response: { uid: request.uid, allowed: true },
  webhook,
  request,
  verdict: 'allow',
  name: request.name,
  owner: undefined,
  source: isPodKind(request.kind) ? 'pod' : 'template',
  findings: [],
  fixedRules: [],
  patchOperations: 0,
  failures: [],
  rejectedPatch: undefined,
  note: undefined,
});

/** Whether the kind is Kubernetes' own Pod; other groups may have a kind of that name. */
export const isPodKind = ({ group, kind }: GroupVersionKind): boolean => group === '' && kind === 'Pod';

/** The webhook that sent a request; one of unknown kind counts as a Pod. */
export function webhookOf(path: WebhookPath, kind: GroupVersionKind): Webhook {
  if (path === 'mutate') return 'mutate.podwright.dev';
  return isPodKind(kind) || kind.kind === '' ? 'pods.validate.podwright.dev' : 'workloads.validate.podwright.dev';
}

import type { Evaluation } from '../engine/evaluate.ts';
import type { MessageSettings } from '../engine/policy.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';
import type { OwnerReference } from '../subject/pod-types.ts';
import type { AuditFinding, ReportedSubject } from './audit-report.ts';

/**
 * A running workload, rolled up to its top-level owner: a Deployment, its ReplicaSets and its Pods are one subject. Its
 * findings are those of the template, evaluated as the Pod that it becomes, and those that only running Pods have.
 */
export interface ScannedSubject extends ReportedSubject, Pick<Evaluation, 'failures' | 'rejectedPatch'> {
  readonly namespace: string;
  /** The uid of the top-level owner. */
  readonly uid: string;
  readonly findings: readonly ScannedFinding[];
  /** The message settings of the policy in force. */
  readonly messages: MessageSettings;
  /** The enabled rules without findings, not even fixed or exempt ones. */
  readonly passed: readonly Pick<RuleSetting, 'rule' | 'mode'>[];
  /**
   * The objects that an operator created for it, as `Kind/name`; none if it has a template of its own.
   */
  readonly children?: readonly string[];
  /** The number of its Pods. */
  readonly pods: number;
  /** Whether its Pods will be denied when a controller recreates them. */
  readonly stopsAtRestart: boolean;
  /** The user names of its Pods' service accounts. */
  readonly accounts?: readonly string[];
  /** The objects that would be denied if their owner references were not trusted. */
  readonly claim?: OwnerClaim | undefined;
}

/**
 * Objects of a subject whose owner reference is only trusted if a listed operator sets it, because no controller of
 * Kubernetes creates objects for owners of this kind.
 */
export interface OwnerClaim {
  readonly owner: Pick<OwnerReference, 'apiVersion' | 'kind' | 'name'>;
  /** The objects that only a listed operator may create, as `Kind/name`. */
  readonly denied: readonly string[];
  /** The names in `managedFields` of the programs that wrote the objects. */
  readonly managers: readonly string[];
  /** Their outcome if another account creates them. */
  readonly findings: readonly AuditFinding[];
}

/**
 * A finding in a template, in running Pods, or in both. If it is not in the subject's own template, `objectPath` is the
 * path in the Pod.
 */
export interface ScannedFinding extends AuditFinding {
  readonly inTemplate: boolean;
  /** How many running Pods have it. */
  readonly pods: number;
  /** Its mode is that of the Pods which a controller of Kubernetes recreates: their template is managed, and only recorded. */
  readonly atRestartOnly?: boolean;
}

/** Whether it is in an ephemeral container, which disappears with its Pod. */
export const goesWithPod = ({ path }: ScannedFinding): boolean => path.startsWith('/spec/ephemeralContainers/');

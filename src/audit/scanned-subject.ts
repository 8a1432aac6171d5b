import type { Evaluation } from '../engine/evaluate.ts';
import type { MessageSettings } from '../engine/policy.ts';
import type { AuditFinding, ReportedSubject } from './audit-report.ts';
import type { OwnerClaim } from './owner-claim.ts';

/**
 * What runs in a cluster, rolled up to whom it belongs: a Deployment, its ReplicaSets and its Pods are one subject. Its
 * findings are those of the template as the Pod that it becomes, and those that only Pods which run have.
 */
export interface ScannedSubject extends ReportedSubject, Pick<Evaluation, 'failures' | 'rejectedPatch'> {
  readonly namespace: string;
  /** The uid of the top owner. */
  readonly uid: string;
  readonly findings: readonly ScannedFinding[];
  /** What the policy that holds for it wants messages to carry. */
  readonly messages: MessageSettings;
  /** How many Pods of it there are. */
  readonly pods: number;
  /** Whether its Pods will be refused when a controller makes them anew. */
  readonly stopsAtRestart: boolean;
  /** The accounts that its Pods run as, by their user names. */
  readonly accounts?: readonly string[];
  /** What of it would be refused if the one who makes it were not believed. */
  readonly claim?: OwnerClaim | undefined;
}

/**
 * A finding of a template, of Pods that run, or of both. Where it is not in the subject's own template, `objectPath` is
 * the path in the Pod.
 */
export interface ScannedFinding extends AuditFinding {
  readonly inTemplate: boolean;
  /** How many running Pods have it. */
  readonly pods: number;
}

/** Whether it is one of a container for debugging, which goes with its Pod. */
export const goesWithPod = ({ path }: ScannedFinding): boolean => path.startsWith('/spec/ephemeralContainers/');

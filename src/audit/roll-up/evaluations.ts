import type { Policy } from '../../engine/policy.ts';
import { controllerOfObject, isCreatedByKubernetes } from '../../manifests/controller.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';
import { type AuditedSubject, auditObject } from '../audit-report.ts';
import type { UntrustedSubject } from '../operators/index.ts';
import type { KnownCluster } from '../surroundings.ts';
import { likenessOf } from './pod-likeness.ts';

/** The evaluation of a Pod, with and without trust in its owner reference. */
export interface PodEvaluation {
  readonly audited: readonly AuditedSubject[];
  readonly untrusted: readonly UntrustedSubject[];
}

/** Evaluates the objects of a namespace under a policy. */
export interface Evaluations {
  ofObject(object: KubernetesObject): AuditedSubject[];
  /** The Pods of a controller should come one after another: those that are alike share one evaluation. */
  ofPod(pod: KubernetesObject, controller: OwnerReference | undefined): PodEvaluation;
  /** The evaluation of an operator's object without trust in its owner reference; `trusted` is the one with it. */
  withoutTrust(object: KubernetesObject, trusted: readonly AuditedSubject[]): readonly UntrustedSubject[];
}

export function openEvaluations(policy: Policy, surroundings: KnownCluster): Evaluations {
  let previous: (PodEvaluation & { readonly likeness: string }) | undefined;
  const ofObject = (object: KubernetesObject): AuditedSubject[] => auditObject({ object }, policy, surroundings);

  function withoutTrust(object: KubernetesObject, trusted: readonly AuditedSubject[]): readonly UntrustedSubject[] {
    const controller = controllerOfObject(object);
    if (controller === undefined || isCreatedByKubernetes(object, controller)) return [];
    return auditObject({ object }, policy, surroundings, 'untrusted').map((audited, index) => ({
      audited,
      isDeniedUntrusted: audited.verdict === 'deny' && trusted[index]?.verdict !== 'deny',
    }));
  }
  return {
    ofObject,
    ofPod(pod, controller) {
      if (controller === undefined) return { audited: ofObject(pod), untrusted: [] };
      const likeness = likenessOf(pod, controller);
      if (previous?.likeness !== likeness) {
        const audited = ofObject(pod);
        previous = { likeness, audited, untrusted: withoutTrust(pod, audited) };
      }
      return previous;
    },
    withoutTrust,
  };
}

import type { Policy } from '../../engine/policy.ts';
import { controllerOfObject, isBuiltInOwner, isCreatedByKubernetes } from '../../manifests/controller.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { metadataOf } from '../../subject/pod-metadata.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';
import { mirrorsStaticPod } from '../../subject/special-pods.ts';
import { asCreated } from '../object-as-created.ts';
import type { UntrustedSubject } from '../operators/index.ts';
import type { ScannedSubject } from '../scanned-subject.ts';
import type { KnownCluster } from '../surroundings.ts';
import { openEvaluations, type PodEvaluation } from './evaluations.ts';
import { openOwnerIndex, uidOf } from './owner-index.ts';
import { asOwner, type ScannedOwner } from './scanned-owner.ts';
import { openScannedOwners } from './scanned-owners.ts';
import { expectsPods, hasFinished } from './workload-state.ts';

/** Merges the objects of one namespace into subjects. It does not keep objects that it can evaluate immediately. */
export interface RollUp {
  /** Adds an object that is not a Pod, in any order; preferably owners first. */
  addWorkload(object: KubernetesObject): void;
  /** Evaluates the objects whose owners are missing, one with each step, after all objects except Pods have been added. */
  settle(): Iterable<void>;
  /** Adds a Pod, after all other objects. */
  addPod(object: KubernetesObject): void;
  /** Ordered by kind and name. */
  subjects(): ScannedSubject[];
}

/**
 * Evaluates the objects of a namespace and merges them by top-level owner. An object with a controller is not a
 * subject, because its author wrote the outer object. If that object is missing, the referenced owner is the subject.
 */
export function openRollUp(namespace: string, policy: Policy, surroundings: KnownCluster): RollUp {
  const index = openOwnerIndex();
  const owners = openScannedOwners(namespace);
  const evaluations = openEvaluations(policy, surroundings);
  const orphans: KubernetesObject[] = [];

  function evaluateObject(object: KubernetesObject, top: OwnerReference | undefined): void {
    const all = evaluations.ofObject(object);
    if (all.length === 0) return;
    const owner = owners.get(top ?? asOwner(object, uidOf(object)));
    for (const audited of all) owner.add(audited, top === undefined ? 'template' : 'managed');
    if (top !== undefined && !isCreatedByKubernetes(object, top)) owner.addChild(object);
    if (expectsPods(object)) owner.markRecreated();
    addClaims(object, owner, evaluations.withoutTrust(object, all));
  }
  /** An operator passes on the template of its own kind, for example to a ReplicaSet. */
  function addInnerClaims(object: KubernetesObject, controller: OwnerReference): void {
    const all = evaluations.withoutTrust(object, []).filter(({ isDeniedUntrusted }) => isDeniedUntrusted);
    if (all.length > 0) addClaims(object, owners.get(index.topOf(controller)), all);
  }
  function* settle(): Generator<void> {
    for (let object = orphans.pop(); object !== undefined; object = orphans.pop()) {
      const controller = controllerOfObject(object);
      if (controller !== undefined && isOfToday(object)) {
        if (!index.has(controller)) evaluateObject(object, controller);
        else addInnerClaims(object, controller);
      }
      yield;
    }
  }
  function settleAll(): void {
    if (orphans.length > 0) Array.from(settle());
  }
  return {
    addWorkload(object) {
      index.add(object);
      if (hasFinished(object)) return;
      const controller = controllerOfObject(object);
      if (controller === undefined) evaluateObject(object, undefined);
      else if (!index.has(controller) || !isCreatedByKubernetes(object, controller)) orphans.push(object);
    },
    settle,
    addPod(object) {
      settleAll();
      if (hasFinished(object) || metadataOf(object.content).deletionTimestamp !== undefined) return;
      const controller = isMirror(object) ? undefined : controllerOfObject(object);
      const owner = owners.get(controller === undefined ? asOwner(object, uidOf(object)) : index.topOf(controller));
      const evaluated = evaluations.ofPod(asCreated(object), controller);
      addPodTo(owner, object, controller, evaluated);
    },
    subjects() {
      settleAll();
      return owners.subjects();
    },
  };
}

function addPodTo(
  owner: ScannedOwner,
  pod: KubernetesObject,
  controller: OwnerReference | undefined,
  { audited, untrusted }: PodEvaluation,
): void {
  const isRestarted = controller !== undefined && isBuiltInOwner(controller);
  for (const each of audited) owner.add(each, isRestarted ? 'restarted' : 'pod');
  addClaims(pod, owner, untrusted);
  if (isRestarted) owner.markRecreated();
  else if (controller !== undefined && !isCreatedByKubernetes(pod, controller)) owner.addChild(pod);
}

function addClaims(object: KubernetesObject, owner: ScannedOwner, all: readonly UntrustedSubject[]): void {
  const controller = controllerOfObject(object);
  if (controller !== undefined) for (const each of all) owner.claim.add(object, controller, each);
}

/** A ReplicaSet of an earlier revision creates no Pods, so its template no longer matters. */
const isOfToday = (object: KubernetesObject): boolean => object.kind !== 'ReplicaSet' || expectsPods(object);

const isMirror = ({ content }: KubernetesObject): boolean => mirrorsStaticPod(metadataOf(content));

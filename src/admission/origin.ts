import type { Origin } from '../engine/exemption.ts';
import { ownerNames } from '../subject/owner-names.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import { controllerOf } from '../subject/pod-subject.ts';
import { mayNameOwners } from './requester.ts';
import type { Reviewed } from './reviewed.ts';
import type { World } from './world.ts';

/**
 * The origin of a request's object. Anyone can write an owner reference, so it is only trusted from Kubernetes'
 * controllers and from listed operators.
 */
export function originOf(review: Reviewed, world: World): Origin {
  const { request, name, controller, metadata } = review;
  const isTrusted = controller !== undefined && mayNameOwners(request.userInfo, world.policy);
  return {
    namespace: requestNamespace(review, world),
    workloads: isTrusted ? ownerNames(controller, metadata) : [`${request.kind.kind}/${name}`],
    requester: request.userInfo,
    ...(world.now !== undefined && { now: world.now }),
  };
}

/**
 * The origin of the object that an update replaces. It may have been admitted as its owner's, by a requester that was
 * trusted.
 */
export function formerOriginOf(review: Reviewed, world: World): Origin {
  const metadata = metadataOf(review.request.oldObject);
  const owner = controllerOf(metadata);
  const origin = originOf(review, world);
  return owner === undefined ? origin : { ...origin, workloads: [...origin.workloads, ...ownerNames(owner, metadata)] };
}

/** The namespace of a request with the labels that are known. */
export const requestNamespace = ({ request }: Reviewed, { namespaceLabels }: World): Origin['namespace'] => ({
  name: request.namespace,
  labels: namespaceLabels,
});

import type { Origin } from '../engine/exemption.ts';
import { ownerNames } from '../subject/owner-names.ts';
import type { World } from './decide.ts';
import { mayManagePods } from './requester.ts';
import type { Reviewed } from './reviewed.ts';

/**
 * Where the object of a request comes from. Anybody can write an owner reference, so it is believed only of those whose
 * work it is to create objects for others.
 */
export function originOf(review: Reviewed, world: World): Origin {
  const { request, name, controller, metadata } = review;
  const isBelieved = controller !== undefined && mayManagePods(request.userInfo, request.namespace);
  return {
    namespace: namespaceOf(review, world),
    workloads: isBelieved ? ownerNames(controller, metadata) : [`${request.kind.kind}/${name}`],
    requester: request.userInfo,
    ...(world.now !== undefined && { now: world.now }),
  };
}

export const namespaceOf = ({ request }: Reviewed, { namespaceLabels }: World): Origin['namespace'] => ({
  name: request.namespace,
  labels: namespaceLabels,
});

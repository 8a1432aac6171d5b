import type { Policy } from '../engine/policy.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import { controllerOf } from '../subject/pod-subject.ts';
import type { Decision } from './decision.ts';
import { mayNameOwners } from './requester.ts';
import type { AdmissionRequest } from './review.ts';

/** An Event about a decision, and the object that it is on. */
export interface DecisionEvent {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string; readonly uid?: string };
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'Denied' | 'Repaired';
  readonly message: string;
}

/**
 * The Event that a denial or repair deserves, on the object's controller, if the requester is trusted to name it, and
 * otherwise on the object itself. Undefined for other decisions, dry runs, and objects without a name.
 */
export function decisionEvent(decision: Decision, policy: Policy): DecisionEvent | undefined {
  const { request, response, fixedRules } = decision;
  if (request.dryRun || request.namespace === '') return undefined;
  if (!response.allowed) {
    const [message = ''] = response.status?.message.split('\n') ?? [];
    return eventOn(request, policy, { type: 'Warning', reason: 'Denied', message });
  }
  if (fixedRules.length === 0) return undefined;
  const message = `a Pod was repaired: ${fixedRules.toSorted().join(', ')}`;
  return eventOn(request, policy, { type: 'Normal', reason: 'Repaired', message });
}

function eventOn(
  request: AdmissionRequest,
  policy: Policy,
  news: Pick<DecisionEvent, 'type' | 'reason' | 'message'>,
): DecisionEvent | undefined {
  const { namespace, kind, object, oldObject, userInfo } = request;
  const metadata = metadataOf(object);
  const controller = mayNameOwners(userInfo, policy) ? controllerOf(metadata) : undefined;
  if (controller !== undefined) {
    const { apiVersion, name, uid } = controller;
    return { apiVersion, kind: controller.kind, metadata: { namespace, name, uid }, ...news };
  }
  const name = metadata.name || request.name;
  if (name === '') return undefined;
  const uid = metadataOf(oldObject).uid ?? metadata.uid;
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  return { apiVersion, kind: kind.kind, metadata: { namespace, name, ...(uid && { uid }) }, ...news };
}

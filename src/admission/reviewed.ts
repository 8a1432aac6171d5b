import { titleOf } from '../engine/messages.ts';
import { type EmbeddedPod, embeddedPodsOf, type PodTemplateKind } from '../manifests/pod-template.ts';
import { isRecord } from '../subject/is-record.ts';
import type { PodLocation } from '../subject/pod-location.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import { controllerOf } from '../subject/pod-subject.ts';
import type { OwnerReference, PodMetadata } from '../subject/pod-types.ts';
import { type Decision, isPodKind, type Webhook, type WebhookPath, webhookOf, withoutEvaluation } from './decision.ts';
import type { AdmissionRequest } from './review.ts';

/** A request with the identity of its object. */
export interface Reviewed {
  readonly request: AdmissionRequest;
  readonly webhook: Webhook;
  readonly isPod: boolean;
  /** As the stored object says: anyone can write a time of deletion into a new one, which mutating webhooks still see. */
  readonly isBeingDeleted: boolean;
  /** The name, or the prefix of a generated name with a `*`. */
  readonly name: string;
  readonly metadata: PodMetadata;
  /** The object's reference to its controller; anyone can write one. */
  readonly controller: OwnerReference | undefined;
  /** The Pods in the new object and in the one that it replaces. */
  readonly pods: readonly EmbeddedPod[];
  readonly oldPods: readonly EmbeddedPod[];
}

/** Describes the subject of a request. Never throws, regardless of the object's content. */
export function reviewed(
  path: WebhookPath,
  request: AdmissionRequest,
  further: readonly PodTemplateKind[] = [],
): Reviewed {
  const { kind, object, oldObject } = request;
  const isPod = isPodKind(kind);
  const metadata = metadataOf(object);
  const podsOf = (value: unknown): EmbeddedPod[] =>
    isPod ? [{ source: { pod: record(value) }, podPath: '' }] : embeddedPodsOf(value, further);
  return {
    request,
    webhook: webhookOf(path, kind),
    isPod,
    isBeingDeleted: Boolean(metadataOf(oldObject).deletionTimestamp),
    name: metadata.name || request.name || `${metadata.generateName ?? ''}*`,
    metadata,
    controller: controllerOf(metadata),
    pods: podsOf(object),
    oldPods: oldObject === undefined ? [] : podsOf(oldObject),
  };
}

/**
 * The object's name in messages. The namespace is the request's because old API servers omit it from the object. A
 * generated name is shown as its prefix: validation sees a name that a denied object never gets. It changes with each
 * retry of a controller, and the controller's events are merged by their text.
 */
export const displayed = (
  { request, name, metadata: { generateName } }: Reviewed,
  { podPath, parts }: PodLocation,
) => ({
  kind: request.kind.kind,
  namespace: request.namespace,
  name: request.operation === 'CREATE' && generateName && isGenerated(name, generateName) ? `${generateName}*` : name,
  podPath,
  ...(parts && { parts }),
});

/** The API server appends five of these characters to at most 58 of the prefix; a StatefulSet names its Pods differently. */
const isGenerated = (name: string, prefix: string): boolean =>
  name.startsWith(prefix.slice(0, 58)) &&
  /^[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(name.slice(prefix.slice(0, 58).length));

/** Admitted without evaluation. */
export function unevaluated(review: Reviewed, note?: string): Decision {
  return {
    ...withoutEvaluation(review.request, review.webhook),
    name: review.name,
    owner: review.controller && `${review.controller.kind}/${review.controller.name}`,
    note: note && `${titleOf(displayed(review, { podPath: '' }))} is not evaluated: ${note}`,
  };
}

const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

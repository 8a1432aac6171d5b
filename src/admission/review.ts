import { isRecord } from '../subject/is-record.ts';
/** The fields of `AdmissionReview.request` (admission.k8s.io/v1) that Podwright reads. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  /** Empty for the object itself; otherwise `status`, `scale`, …. */
  readonly subResource: string;
  /** Empty on the CREATE of an object with a generated name. */
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly operation: string;
  readonly userInfo: UserInfo;
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly dryRun: boolean;
}

/** The kind of the object in a request. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The requester. */
export interface UserInfo {
  readonly username: string;
  readonly groups: readonly string[];
}

/**
 * `AdmissionReview.response`. Every field has exactly the type that the API server decodes; otherwise the webhook would
 * fail open.
 */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: {
    readonly code: number;
    readonly reason: string;
    readonly message: string;
    readonly details?: { readonly causes: readonly Cause[] };
  };
  readonly patchType?: 'JSONPatch';
  /** The JSON patch in base64. */
  readonly patch?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/** A `StatusCause`; kubectl shows its field and message. */
export interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** The review that answers a request; the API server verifies `apiVersion` and `kind`. */
export interface AdmissionReview {
  readonly apiVersion: 'admission.k8s.io/v1';
  readonly kind: 'AdmissionReview';
  readonly response: AdmissionResponse;
}

/** The review with the response of a request. */
export const reviewOf = (response: AdmissionResponse): AdmissionReview => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response,
});

/** A body that is not a review, with the reason, and with the uid if it has one, so that it can still get a verdict. */
export interface InvalidReview {
  readonly problem: string;
  readonly uid: string | undefined;
}

/** The request of a parsed body. Nothing is coerced or dropped, so the evaluated object is the one that was sent. */
export function requestOf(body: unknown): AdmissionRequest | InvalidReview {
  const review = object(body);
  const request = object(review?.['request']);
  const uid = string(request?.['uid']) || undefined;
  const invalid = (problem: string): InvalidReview => ({ problem, uid });
  if (review?.['kind'] !== 'AdmissionReview' || review['apiVersion'] !== 'admission.k8s.io/v1')
    return invalid('the body is not an AdmissionReview of admission.k8s.io/v1');
  if (request === undefined) return invalid('the review has no request');
  if (uid === undefined) return invalid('request.uid is not a string');
  const operation = string(request['operation']);
  const kind = object(request['kind']);
  if (operation === undefined) return invalid('request.operation is not a string');
  if (kind === undefined) return invalid('request.kind is not an object');
  return {
    uid,
    operation,
    kind: {
      group: string(kind['group']) ?? '',
      version: string(kind['version']) ?? '',
      kind: string(kind['kind']) ?? '',
    },
    subResource: string(request['subResource']) ?? '',
    name: string(request['name']) ?? '',
    namespace: string(request['namespace']) ?? '',
    userInfo: userInfoOf(request['userInfo']),
    object: request['object'] ?? undefined,
    oldObject: request['oldObject'] ?? undefined,
    dryRun: request['dryRun'] === true,
  };
}

function userInfoOf(value: unknown): UserInfo {
  const info = object(value);
  const groups = info?.['groups'];
  return {
    username: string(info?.['username']) ?? '',
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
  };
}

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * The value as an object; undefined for other JSON. `JSON.parse` turns a member called `__proto__` into an ordinary own
 * member.
 */
const object = (value: unknown): Readonly<Record<string, unknown>> | undefined => (isRecord(value) ? value : undefined);

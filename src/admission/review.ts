/** What a webhook is asked about, from `AdmissionReview.request` (admission.k8s.io/v1); only what is read. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  /** Empty for the object itself. */
  readonly subResource: string;
  /** Empty on the CREATE of an object with a generated name. */
  readonly name: string;
  /** Empty for what has no namespace. */
  readonly namespace: string;
  readonly operation: string;
  readonly userInfo: UserInfo;
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly dryRun: boolean;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface UserInfo {
  readonly username: string;
  readonly groups: readonly string[];
}

/** `AdmissionReview.response`. Every field has exactly the type that the API server decodes, or it fails open. */
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
  /** The patch, JSON in base64. */
  readonly patch?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

export interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** The review that answers a request; `apiVersion` and `kind` are verified by the API server. */
export interface AdmissionReview {
  readonly apiVersion: 'admission.k8s.io/v1';
  readonly kind: 'AdmissionReview';
  readonly response: AdmissionResponse;
}

export const reviewOf = (response: AdmissionResponse): AdmissionReview => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response,
});

/** A body that is not a review, with what is wrong; the uid where it has one, so that it can still get a verdict. */
export interface InvalidReview {
  readonly problem: string;
  readonly uid: string | undefined;
}

/** The request of a parsed body. Nothing is coerced or dropped: what is judged is what was sent. */
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

/** A JSON object; a member called `__proto__` is a plain own member of what `JSON.parse` makes. */
function object(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

import { STATUS_CODES } from 'node:http';

/** The API server returned an error or could not be reached; `message` describes it in one line. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  /** How long the API server asks clients to wait. */
  readonly retryAfterMs: number | undefined;
  /** The body of the response: usually a Kubernetes `Status`, or text from a proxy. */
  readonly body: unknown;

  constructor(message: string, { status, retryAfterMs, body, cause }: ApiErrorDetails = {}) {
    super(message.replaceAll(/\s+/g, ' ').trim(), { cause });
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.body = body;
  }
}

/** The HTTP status of the API server's error; undefined for any other failure. */
export const statusOf = (error: unknown): number | undefined => (error instanceof ApiError ? error.status : undefined);

/** The object may not be read or does not exist. The API server is healthy, so everything else can continue. */
export const isRejection = (error: unknown): error is ApiError => [403, 404].includes(statusOf(error) ?? 0);

/** The object has changed since it was read; a failed `test` of a JSON patch is 422. */
export const isConflict = (error: unknown): boolean => [409, 422].includes(statusOf(error) ?? 0);

/** The result, or undefined if the API server returns one of these error statuses. */
export async function unlessRejected<T>(statuses: readonly (403 | 404)[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statuses.some((status) => status === statusOf(error))) return undefined;
    throw error;
  }
}

interface ApiErrorDetails {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly body?: unknown;
  readonly cause?: unknown;
}

/** The fields of `metav1.Status` (`k8s.io/apimachinery`) that are read. */
interface Status {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown };
}

/** An error response from the API server or a proxy. */
export function rejection(status: number, retryAfter: string | undefined, body: unknown): ApiError {
  const { message, details } = Object(body) as Status;
  const said = typeof message === 'string' && message.trim() !== '' ? message : undefined;
  return new ApiError(said ?? `the API server answered ${status} ${STATUS_CODES[status] ?? ''}`, {
    status,
    retryAfterMs: retryAfterOf(retryAfter) ?? inMilliseconds(details?.retryAfterSeconds),
    body,
  });
}

/** The error in an event of type ERROR. */
export function watchRejection(object: unknown): ApiError {
  const { code } = Object(object) as Status;
  return rejection(typeof code === 'number' ? code : 500, undefined, object);
}

/** A missing or incomplete response. */
export function withoutAnswer(error: unknown, what: string): ApiError {
  if (error instanceof ApiError) return error;
  const { message, code, errors } = error as { message?: string; code?: string; errors?: readonly Error[] };
  // Several addresses were tried.
  const reasons = errors === undefined ? [message || code] : errors.map((each) => each.message);
  return new ApiError(`${what}: ${reasons.join(', ')}`, { cause: error });
}

/** Seconds, or a date from a proxy (RFC 9110, 10.2.3). */
function retryAfterOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

const inMilliseconds = (seconds: unknown): number | undefined =>
  typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;

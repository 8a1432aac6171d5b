import type { AdmissionregistrationV1Api, CoordinationV1Api, CoreV1Api, Watch } from '@kubernetes/client-node';
import { loadConfig } from './kube-config.ts';
import { renewed } from './renewed.ts';
import type { ClusterAccess } from './version.ts';

/** What the API server is asked through. */
export interface Connection {
  readonly core: CoreV1Api;
  readonly leases: CoordinationV1Api;
  readonly webhooks: AdmissionregistrationV1Api;
  readonly watch: Watch;
}

const answerMs = 5_000;

/** Gives the connection, made anew every few minutes. It rejects while the credentials cannot be read. */
export const openConnection = (access: ClusterAccess): (() => Promise<Connection>) =>
  renewed(() => connect(access)).current;

async function connect(access: ClusterAccess): Promise<Connection> {
  const client = await import('@kubernetes/client-node');
  const { config, cluster } = await loadConfig(access);
  let dispatcher: ReturnType<InstanceType<typeof client.RequestContext>['getDispatcher']>;
  const configuration = client.createConfiguration({
    baseServer: new client.ServerConfiguration(cluster.server, {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        async pre(request) {
          // The library makes an agent, and with it a connection, for every request.
          dispatcher ??= request.getDispatcher();
          if (dispatcher !== undefined) request.setDispatcher(dispatcher);
          // It also waits for an answer for ever.
          request.setSignal(AbortSignal.timeout(answerMs));
          request.setHeaderParam('User-Agent', 'podwright');
          const body = request.getBody();
          // A list of operations is a JSON patch; an object is one to merge.
          const kind = typeof body === 'string' && body.startsWith('[') ? 'json' : 'merge';
          if (request.getHttpMethod() === 'PATCH')
            request.setHeaderParam('Content-Type', `application/${kind}-patch+json`);
          return request;
        },
        post: (response) => Promise.resolve(response),
      },
    ],
  });
  return {
    core: new client.CoreV1Api(configuration),
    leases: new client.CoordinationV1Api(configuration),
    webhooks: new client.AdmissionregistrationV1Api(configuration),
    watch: new client.Watch(config),
  };
}

/** The answer, or undefined where the API server says that the object is not there. */
export async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The HTTP status that the API server refused with. */
export function statusOf(error: unknown): number | undefined {
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  const status = code ?? statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** Somebody else wrote in between: to be read and planned anew. */
export function isConflict(error: unknown): boolean {
  // A `test` of a JSON patch that fails is 422.
  return [409, 422].includes(statusOf(error) ?? 0);
}

/** What went wrong, in one line. */
export function problemOf(error: unknown): string {
  const { body, message, cause } = error as { body?: unknown; message?: unknown; cause?: { message?: unknown } };
  const answered = typeof body === 'string' ? messageIn(body) : (body as { message?: unknown } | undefined)?.message;
  return [answered ?? message, ...(cause?.message === undefined ? [] : [cause.message])].map(String).join(': ');
}

function messageIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { message?: unknown }).message ?? body;
  } catch {
    // What stands between us and the API server answers in plain text.
    return body;
  }
}

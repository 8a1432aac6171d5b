import { Agent, type RequestOptions, request } from 'node:https';
import { json } from 'node:stream/consumers';
import { KubeConfig } from '@kubernetes/client-node';

export interface Answer {
  readonly code: number;
  /** The object, or the API server's `Status`. */
  readonly body: { readonly message?: string; readonly metadata?: object; readonly spec?: object };
}

/** Sends a request to the API server; a PATCH is a merge patch. */
export type ApiServer = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => Promise<Answer>;

/** The API server of a kubeconfig, asked over connections that are kept, as many requests at a time. */
export async function connect(kubeconfig: string, concurrency: number): Promise<ApiServer> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const credentials: RequestOptions = {};
  await config.applyToHTTPSOptions(credentials);
  const { ca, cert, key } = credentials;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency, ca, cert, key });
  const server = config.getCurrentCluster()?.server;
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const sent = request(`${server}${path}`, { agent, method, headers: { 'content-type': type } });
      sent.on('error', reject);
      sent.on('response', (response) => {
        json(response).then(
          (received) => resolve({ code: response.statusCode ?? 0, body: received as Answer['body'] }),
          reject,
        );
      });
      sent.end(body && JSON.stringify(body));
    });
}

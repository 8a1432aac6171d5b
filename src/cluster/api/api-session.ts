import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import { type Dispatcher, request } from 'undici';
import { withoutAnswer } from './api-error.ts';
import { type ClusterAccess, type LoadedConfig, loadConfig } from './kube-config.ts';
import { type Renewed, renewed } from './renewed-value.ts';

export interface Call {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds until the response headers arrive, and between two chunks of its body. */
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/** Credentials and connections that are reused for a while. */
export interface ApiSession {
  /** Sends a request and returns any response; rejects with ApiError if there is none. */
  ask(call: Call): Promise<Dispatcher.ResponseData>;
  close(): void;
}

const noCredentials = (error: unknown): never => {
  throw withoutAnswer(error, 'the credentials for the API server cannot be read');
};

function loaded(access: ClusterAccess): LoadedConfig {
  try {
    return loadConfig(access);
  } catch (error) {
    return noCredentials(error);
  }
}

/** Returns the current session; rejects with ApiError while the credentials cannot be read. */
export const openSessions = (access: ClusterAccess): Renewed<ApiSession> =>
  renewed(
    () => openSession(access),
    (old) => old.close(),
  );

async function openSession(access: ClusterAccess): Promise<ApiSession> {
  const { config, cluster } = loaded(access);
  const server = cluster.server.replace(/\/+$/, '');
  async function authenticate() {
    const context = new RequestContext(server, HttpMethod.GET);
    await config.applySecurityAuthentication(context).catch(noCredentials);
    return context;
  }
  // Keeps connections; the library creates an agent for each call, of which only the first is used.
  const dispatcher = (await authenticate()).getDispatcher();
  return {
    async ask({ path, query, headers, signal, ...options }) {
      const url = new URL(`${server}${path}`);
      for (const [key, value] of Object.entries(query))
        if (value !== undefined) url.searchParams.set(key, String(value));
      // The token may have changed.
      const credentials = (await authenticate()).getHeaders();
      return await request(url, {
        ...options,
        signal: signal ?? null,
        headers: { ...credentials, ...headers, 'user-agent': 'podwright' },
        ...(dispatcher === undefined ? {} : { dispatcher }),
      }).catch((error: unknown) => {
        throw withoutAnswer(error, `the API server at ${server} cannot be reached`);
      });
    },
    close() {
      // Connections close after their last response, including those of watches; errors while closing are ignored.
      dispatcher?.close().catch(() => undefined);
    },
  };
}

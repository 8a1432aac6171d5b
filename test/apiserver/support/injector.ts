import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { makeSelfSigned } from '../../../src/server/certificate/self-signed.ts';
import { inNode, wanted } from './kubectl.ts';
import { hostName } from './server-process.ts';

/** A mutating webhook of another program. */
export interface Injector {
  /** Registers it under the name, by which the API server orders webhooks, for one namespace. */
  readonly register: (name: string, namespace: string) => Promise<void>;
  readonly unregister: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface InjectedContainer {
  readonly name: string;
  readonly lifecycle: object;
}

interface Review {
  readonly request: {
    readonly uid: string;
    readonly object: { readonly spec: { readonly containers: readonly { readonly name: string }[] } };
  };
}

/** Starts a webhook that adds the container to each Pod that lacks it, as service meshes do. */
export async function startInjector(container: InjectedContainer): Promise<Injector> {
  const { cert, key, ca } = await makeSelfSigned([hostName], new Date());
  const server = createServer({ cert, key }, async (request, response) => {
    const { uid, object } = ((await json(request)) as Review).request;
    const isThere = object.spec.containers.some(({ name }) => name === container.name);
    const patch = isThere ? [] : [{ op: 'add', path: '/spec/containers/-', value: container }];
    const patched = { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid, allowed: true, ...patched },
      }),
    );
  });
  const port = await listen(server);
  let registered: string | undefined;
  const unregister = async (): Promise<void> => {
    if (registered !== undefined) await wanted(inNode(['kubectl', 'delete', kind, registered]));
    registered = undefined;
  };
  return {
    async register(name, namespace) {
      await unregister();
      const url = `https://${hostName}:${port}/`;
      const configuration = configurationOf(name, namespace, { url, caBundle: Buffer.from(ca).toString('base64') });
      await wanted(inNode(['kubectl', 'create', '-f', '-'], JSON.stringify(configuration)));
      registered = name;
    },
    unregister,
    async stop() {
      await unregister();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const kind = 'mutatingwebhookconfiguration';

const configurationOf = (name: string, namespace: string, clientConfig: object) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name },
  webhooks: [
    {
      name: `${name}.injector.example`,
      clientConfig,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Fail',
      timeoutSeconds: 5,
      reinvocationPolicy: 'IfNeeded',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
  ],
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  return (server.address() as AddressInfo).port;
}

import { type FakeAnswer, type FakeApi, type FakeRequest, startFakeApi } from './fake-api.ts';
import { storedObjects } from './fake-collection.ts';

const builtIn = [
  '/api/v1/pods',
  '/api/v1/podtemplates',
  '/api/v1/replicationcontrollers',
  ...['deployments', 'statefulsets', 'daemonsets', 'replicasets'].map((name) => `/apis/apps/v1/${name}`),
  ...['cronjobs', 'jobs'].map((name) => `/apis/batch/v1/${name}`),
  ...['services', 'serviceaccounts', 'resourcequotas'].map((name) => `/api/v1/${name}`),
  '/apis/policy/v1/poddisruptionbudgets',
  '/apis/autoscaling/v2/horizontalpodautoscalers',
  '/apis/networking.k8s.io/v1/networkpolicies',
  '/apis/scheduling.k8s.io/v1/priorityclasses',
  ...['rolebindings', 'clusterrolebindings'].map((name) => `/apis/rbac.authorization.k8s.io/v1/${name}`),
];

/** An API server with the collections, of which those of Kubernetes that are not given are empty; no custom kinds. */
export async function startClusterOf(
  collections: Parameters<typeof startFakeApi>[0],
  interference: (request: FakeRequest) => FakeAnswer | undefined = () => undefined,
): Promise<FakeApi> {
  const api = await startFakeApi({
    ...Object.fromEntries(builtIn.map((path) => [path, storedObjects('', [])])),
    ...collections,
  });
  api.interfere(
    (request) =>
      interference(request) ?? (request.path === '/apis' ? { status: 200, body: { groups: [] } } : undefined),
  );
  return api;
}

import { container, stored, workload } from '../../audit/support/objects.ts';
import { storedObjects } from './fake-collection.ts';

type Given = Readonly<Record<string, readonly ReturnType<typeof stored>[]>>;

const neighbor = (apiVersion: string, kind: string, name: string, content: object) =>
  stored(apiVersion, kind, name, content);

const labels = { app: 'web' };
const selector = { matchLabels: labels };

/** A Deployment of two replicas, without any port or probe. */
export const web = workload('apps/v1', 'Deployment', 'web', [], {
  replicas: 2,
  selector,
  template: { metadata: { labels }, spec: { serviceAccountName: 'web', containers: [container('app')] } },
});

export const service = neighbor('v1', 'Service', 'web', { spec: { selector: labels, ports: [{ port: 80 }] } });
export const budget = (spec: object) =>
  neighbor('policy/v1', 'PodDisruptionBudget', 'web', { spec: { selector, ...spec } });
export const autoscaler = neighbor('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 3, maxReplicas: 9 },
});
export const binding = neighbor('rbac.authorization.k8s.io/v1', 'RoleBinding', 'web', {
  metadata: { namespace: 'tools' },
  subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
});

const paths: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/deployments',
  Service: '/api/v1/services',
  PodDisruptionBudget: '/apis/policy/v1/poddisruptionbudgets',
  HorizontalPodAutoscaler: '/apis/autoscaling/v2/horizontalpodautoscalers',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/rolebindings',
};

/** The collections of these objects. */
export const collectionsOf = (...objects: readonly ReturnType<typeof stored>[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(objects, ({ kind }) => paths[kind] ?? kind) as Given).map(([path, own]) => [
      path,
      storedObjects(own[0]?.kind ?? '', own),
    ]),
  );

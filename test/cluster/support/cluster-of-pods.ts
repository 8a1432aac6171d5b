import { generatedObjects, type KubeObject } from './fake-collection.ts';

/** How many Pods a cluster has, how many each Deployment, and how many Deployments each namespace. */
interface Sizes {
  readonly podsEach: number;
  readonly eachNamespace: number;
}

/** Deployments of so many Pods each, so many of them in a namespace; all objects are made when they are asked for. */
export function clusterOfPods(count: number, { podsEach, eachNamespace }: Sizes) {
  const deployments = count / podsEach;
  const home = (deployment: number) => homeOf(Math.floor(deployment / eachNamespace));
  const named = (kind: string, name: string, deployment: number) => ({
    metadata: { name, namespace: home(deployment), uid: `${kind} ${home(deployment)}/${name}` },
  });
  const owned = (object: KubeObject, owner: KubeObject, apiVersion: string, kind: string): KubeObject => {
    const { name, uid } = owner.metadata;
    const ownerReferences = [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
    return { ...object, metadata: { ...object.metadata, ownerReferences } };
  };
  const deployment = (index: number): KubeObject => ({
    ...named('Deployment', `web-${padded(index)}`, index),
    spec: { replicas: podsEach, template: { metadata: { labels: labelsOf(index) }, spec } },
  });
  const replicaSet = (index: number): KubeObject => {
    const object = { ...named('ReplicaSet', `web-${padded(index)}-1`, index), spec: { replicas: podsEach } };
    return owned(object, deployment(index), 'apps/v1', 'Deployment');
  };
  const pod = (index: number): KubeObject => {
    const owner = Math.floor(index / podsEach);
    const { metadata } = named('Pod', `web-${padded(owner)}-1-${padded(index)}`, owner);
    return owned(
      { metadata: { ...metadata, labels: labelsOf(owner) }, spec: { ...spec, nodeName: 'node-1' }, status },
      replicaSet(owner),
      'apps/v1',
      'ReplicaSet',
    );
  };
  return {
    '/apis/apps/v1/deployments': generatedObjects('Deployment', deployments, deployment),
    '/apis/apps/v1/replicasets': generatedObjects('ReplicaSet', deployments, replicaSet),
    '/api/v1/pods': generatedObjects('Pod', count, pod),
  };
}

/** What is beside the Pods of such a cluster: in each namespace so many Services, which take turns, and one budget. */
export function neighborsOfPods(
  namespaces: number,
  { servicesEach, eachNamespace }: Pick<Sizes, 'eachNamespace'> & { readonly servicesEach: number },
) {
  const service = (index: number): KubeObject => {
    const home = Math.floor(index / servicesEach);
    const nth = index % servicesEach;
    return {
      metadata: { name: `web-${nth}`, namespace: homeOf(home), uid: `Service ${index}` },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.0.1',
        selector: labelsOf(home * eachNamespace + (nth % eachNamespace)),
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
      status: { loadBalancer: {} },
    };
  };
  const budget = (home: number): KubeObject => ({
    metadata: { name: 'web', namespace: homeOf(home), uid: `PodDisruptionBudget ${home}` },
    spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(home * eachNamespace) } },
    status: { disruptionsAllowed: 1, currentHealthy: 10, desiredHealthy: 9, expectedPods: 10 },
  });
  return {
    '/api/v1/services': generatedObjects('Service', namespaces * servicesEach, service),
    '/apis/policy/v1/poddisruptionbudgets': generatedObjects('PodDisruptionBudget', namespaces, budget),
  };
}

const homeOf = (namespace: number): string => `team-${padded(namespace)}`;
const labelsOf = (deployment: number) => ({ app: `web-${deployment}` });
const padded = (index: number): string => String(index).padStart(6, '0');

const container = (name: string) => ({
  name,
  image: `registry.example.com/shop/${name}:1.2.3`,
  imagePullPolicy: 'IfNotPresent',
  env: Array.from({ length: 10 }, (_, index) => ({ name: `SETTING_${index}`, value: `https://${name}.shop.svc/` })),
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
  livenessProbe: { httpGet: { path: '/live', port: 'http', scheme: 'HTTP' }, periodSeconds: 10, failureThreshold: 3 },
  readinessProbe: { httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' }, periodSeconds: 10, failureThreshold: 3 },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  volumeMounts: [
    { name: 'kube-api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
  ],
});
const spec = {
  containers: [container('app'), container('proxy')],
  restartPolicy: 'Always',
  serviceAccountName: 'default',
  terminationGracePeriodSeconds: 30,
  schedulerName: 'default-scheduler',
  volumes: [{ name: 'kube-api-access', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
};
const status = {
  phase: 'Running',
  conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({ type, status: 'True' })),
  containerStatuses: spec.containers.map(({ name, image }) => ({ name, image, ready: true, restartCount: 0 })),
};

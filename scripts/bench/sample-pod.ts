import { subjectOf } from '../../src/subject/pod-subject.ts';

/** A Pod as a Deployment makes it: an app, its proxy and a log shipper, with probes, mounts and resources. */
const samplePod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    generateName: 'web-6d4cf56db6-',
    namespace: 'shop',
    labels: { app: 'web', 'pod-template-hash': '6d4cf56db6' },
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'web-6d4cf56db6',
        uid: '0c2f3a10-5d7e-4a53-9d0c-6a4b2a9f3f11',
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  },
  spec: {
    serviceAccountName: 'web',
    containers: ['app', 'proxy', 'logs'].map((name, index) => ({
      name,
      image: `registry.example/${name}:1.${index}.0`,
      ports: [{ name: `http-${index}`, containerPort: 8080 + index }],
      env: Array.from({ length: 8 }, (_, variable) => ({ name: `SETTING_${variable}`, value: `value ${variable}` })),
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
      readinessProbe: { httpGet: { path: '/ready', port: 8080 + index }, periodSeconds: 5 },
      livenessProbe: { httpGet: { path: '/live', port: 8080 + index }, periodSeconds: 10 },
      volumeMounts: [{ name: 'config', mountPath: '/etc/web' }],
    })),
    volumes: [{ name: 'config', configMap: { name: 'web' } }],
  },
};

/** The Pod as the API server sends it, defaults filled in. */
export const admittedPod = { ...samplePod, spec: subjectOf({ pod: samplePod }).spec };

/** An AdmissionReview of a Pod, brought to this size the way real ones are: by managed fields. */
export function reviewOfSize(bytes: number, pod: object): string {
  let fields: Record<string, object> = {};
  for (let count = 0; reviewWith(pod, fields).length < bytes; count++)
    fields = { ...fields, [`k:{"name":"SETTING_${count}"}`]: { '.': {}, 'f:name': {}, 'f:value': {} } };
  return reviewWith(pod, fields);
}

function reviewWith(pod: object, fieldsV1: object): string {
  const { metadata = {} } = pod as { readonly metadata?: object };
  const managedFields = [{ manager: 'kube-controller-manager', operation: 'Update', fieldsV1 }];
  const request = {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'shop',
    operation: 'CREATE',
    userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: ['system:authenticated'] },
    object: { ...pod, metadata: { ...metadata, managedFields } },
    oldObject: null,
    dryRun: false,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
  };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}

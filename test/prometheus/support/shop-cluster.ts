import { container, ownedBy, runningPod, stored, workload } from '../../audit/support/objects.ts';
import type { FakeAnswer, FakeApi, FakeRequest } from '../../cluster/support/fake-api.ts';
import { storedObjects } from '../../cluster/support/fake-collection.ts';
import { startClusterOf } from '../../cluster/support/start-cluster.ts';

const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1' } };
const web = workload('apps/v1', 'Deployment', 'web', [container('app', { resources })]);
const replicaSet = ownedBy(web, stored('apps/v1', 'ReplicaSet', 'web-7d4b9c'));
const db = workload('apps/v1', 'StatefulSet', 'db', [container('db')]);
const fresh = workload('apps/v1', 'StatefulSet', 'new', [container('app')]);
const killed = { name: 'db', lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } };
const dbPod = runningPod('db-0', [container('db', { resources: { limits: { memory: '2Gi', cpu: '500m' } } })], {
  status: { phase: 'Running', containerStatuses: [killed] },
});
const report = stored('batch/v1', 'CronJob', 'report', {
  spec: { jobTemplate: { spec: { template: { spec: { containers: [container('job')] } } } } },
});

/** The namespace `shop`; the Pod of its Deployment has a sidecar that the template does not have. */
export function startShop(answer?: (request: FakeRequest) => FakeAnswer | undefined): Promise<FakeApi> {
  return startClusterOf(
    {
      '/api/v1/namespaces': storedObjects('Namespace', [{ metadata: { name: 'shop' } }]),
      '/api/v1/limitranges': storedObjects('LimitRange', []),
      '/api/v1/configmaps': storedObjects('ConfigMap', []),
      '/apis/apps/v1/deployments': storedObjects('Deployment', [web]),
      '/apis/apps/v1/replicasets': storedObjects('ReplicaSet', [replicaSet]),
      '/apis/apps/v1/statefulsets': storedObjects('StatefulSet', [db, fresh]),
      '/apis/batch/v1/cronjobs': storedObjects('CronJob', [report]),
      '/api/v1/pods': storedObjects('Pod', [
        ownedBy(replicaSet, runningPod('web-7d4b9c-x2x4z', [container('app', { resources }), container('proxy')])),
        ownedBy(db, dbPod),
        ownedBy(fresh, runningPod('new-0', [container('app')])),
      ]),
    },
    (request) => (request.path === '/version' ? { status: 200, body: { major: '1', minor: '36' } } : answer?.(request)),
  );
}

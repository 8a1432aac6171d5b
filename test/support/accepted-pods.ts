import fc from 'fast-check';
import { profiles, seLinux, sysctls, volumeSources } from '../apiserver/pod-security/values.ts';
import { type Draft, madeValid } from './made-valid.ts';
import { handler, probes } from './probes.ts';

type Fields = Record<string, fc.Arbitrary<unknown>>;

const one = fc.constantFrom;
const flag = fc.boolean();
const values = (of: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> => one(...Object.values(of));
/** An object with some of these fields. */
const partly = (fields: Fields) => fc.record(fields, { requiredKeys: [] });
/** What most Pods do without: in `1 / freq` of the objects that may have it. */
const seldom = <T>(of: fc.Arbitrary<T>, freq = 6): fc.Arbitrary<T | undefined> =>
  fc.nat({ max: freq - 1 }).chain((lot): fc.Arbitrary<T | undefined> => (lot === 0 ? of : fc.constant(undefined)));
const few = <T>(of: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[]> => fc.array(of, { maxLength });

const images = [
  'registry.example/app:1.0',
  'nginx',
  'nginx:latest',
  'reg:5000/team/nginx',
  'gcr.io/distroless/static:nonroot',
  `registry.example/app@sha256:${'0'.repeat(64)}`,
  'registry.example/App:1.0',
];

const users = {
  runAsUser: seldom(one(0, 1, 1000), 3),
  runAsGroup: seldom(one(0, 1000), 3),
  runAsNonRoot: seldom(flag, 3),
};
const confinement = {
  seccompProfile: seldom(values(profiles), 3),
  appArmorProfile: seldom(values(profiles)),
  seLinuxOptions: seldom(values(seLinux)),
};
const capability = one('NET_ADMIN', 'SYS_ADMIN', 'CAP_SYS_ADMIN', 'NET_BIND_SERVICE', 'ALL');
const security = partly({
  ...users,
  ...confinement,
  privileged: seldom(flag),
  allowPrivilegeEscalation: seldom(flag, 3),
  readOnlyRootFilesystem: seldom(flag, 2),
  capabilities: partly({ add: seldom(few(capability), 3), drop: few(one('ALL', 'all', 'NET_RAW')) }),
  procMount: seldom(one('Default', 'Unmasked')),
});

const amounts = {
  cpu: one('0', '1m', '50m', '100m', '1', '4'),
  memory: one('0', '64Mi', '128Mi', '1Gi', '128', '100m'),
  'ephemeral-storage': seldom(one('1Gi')),
  'hugepages-2Mi': seldom(one('4Mi'), 12),
  'vendor.example/gpu': seldom(one('1'), 12),
};
const resources = partly({ requests: partly(amounts), limits: partly(amounts) });
/** More than the containers together can ask for. */
const podRequests = partly({ cpu: one('32'), memory: one('64Gi') });
const podLimits = partly({ cpu: one('32', '64'), memory: one('64Gi', '128Gi') });

const port = partly({
  name: one('http', 'metrics', 'healthz', 'admin'),
  protocol: one('TCP', 'UDP', 'SCTP'),
  hostPort: seldom(fc.constant(0)),
}).chain((fields) => one(80, 443, 8080, 9090).map((containerPort) => ({ ...fields, containerPort })));

const variable = fc
  .tuple(one('DB_PASSWORD', 'API_TOKEN', 'STAGE', 'PASSWORD_FILE'), one('', 'hunter2', '$(POD_NAME)', '/run/secret'))
  .map(([name, value]) => ({ name, value }));
const referring = one(
  { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
);

const mountPaths = [
  '/tmp',
  '/tmp/',
  'tmp',
  '/tmp/cache',
  '/var',
  '/var/log',
  '/data',
  '/var/run/secrets/kubernetes.io/serviceaccount',
];
const mount = partly({
  readOnly: flag,
  subPath: seldom(one('part')),
  recursiveReadOnly: seldom(one('Disabled')),
}).chain((fields) =>
  fc.tuple(one(...mountPaths), fc.nat()).map(([mountPath, volume]) => ({ ...fields, mountPath, volume })),
);

const container = partly({
  image: one(...images),
  imagePullPolicy: seldom(one('Always', 'IfNotPresent', 'Never'), 3),
  command: seldom(one(['sleep', '3600'], ['sh', '-c', 'exec app']), 3),
  securityContext: security,
  resources,
  ports: few(port, 3),
  env: few(fc.oneof(variable, referring)),
  mounts: few(mount, 3),
  device: seldom(one(...mountPaths, '/dev/xvda')),
  ...probes,
  lifecycle: partly({ preStop: seldom(handler, 2), postStart: seldom(handler) }),
  restartPolicy: seldom(fc.constant('Always'), 2),
});

const emptyDirs = one(
  {},
  { sizeLimit: '1Gi' },
  { sizeLimit: '0' },
  { medium: 'Memory' },
  { medium: 'Memory', sizeLimit: '64Mi' },
  { medium: 'HugePages' },
);
const volume = fc.oneof(
  emptyDirs.map((emptyDir) => ({ emptyDir })),
  one(...Object.entries(volumeSources)).map(([kind, source]) => ({ [kind]: source })),
  fc.constant({}),
);

const spec = partly({
  volumes: few(volume, 4),
  securityContext: partly({
    ...users,
    ...confinement,
    fsGroup: seldom(one(0, 2000), 3),
    fsGroupChangePolicy: seldom(one('Always', 'OnRootMismatch'), 3),
    supplementalGroups: seldom(one([1], [])),
    sysctls: seldom(
      one(...Object.entries(sysctls)).map(([name, value]) => [{ name, value }]),
      3,
    ),
  }),
  terminationGracePeriodSeconds: seldom(one(-1, 0, 1, 2, 10, 30, 31, 60, 290, 295, 300, 3600), 2),
  restartPolicy: one('Always', 'Never', 'OnFailure'),
  resources: seldom(partly({ requests: podRequests, limits: podLimits }), 4),
  hostNetwork: seldom(flag),
  hostPID: seldom(flag),
  hostIPC: seldom(flag),
  hostUsers: seldom(flag, 3),
  shareProcessNamespace: seldom(flag),
  os: seldom(one({ name: 'linux' }, { name: 'windows' }), 4),
  nodeSelector: seldom(one({ 'kubernetes.io/os': 'windows' }, { disk: 'ssd' })),
  nodeName: seldom(fc.constant('worker-1')),
  priorityClassName: seldom(one('system-node-critical', 'system-cluster-critical')),
  automountServiceAccountToken: seldom(flag, 3),
  serviceAccountName: seldom(fc.constant('default')),
  activeDeadlineSeconds: seldom(fc.constant(600)),
});

const metadata = partly({
  labels: seldom(fc.constant({ app: 'web' })),
  annotations: seldom(
    one<Record<string, string>[]>(
      { note: 'kept' },
      { 'podwright.dev/fixed': 'pre-stop-sleep' },
      { 'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default' },
      { 'container.apparmor.security.beta.kubernetes.io/app': 'runtime/default' },
    ),
    3,
  ),
  ownerReferences: seldom(
    one('ReplicaSet', 'DaemonSet', 'Job').map((kind) => [
      { apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, name: 'web', uid: '1', controller: true },
    ]),
    2,
  ),
});

/** A Pod over what all the rules read, random and yet valid to the API server. */
export const acceptedPod = fc
  .record({
    metadata,
    spec,
    containers: fc.array(container, { minLength: 1, maxLength: 3 }),
    initContainers: seldom(few(container), 2),
  })
  .map((draft) => madeValid(JSON.parse(JSON.stringify(draft)) as Draft));

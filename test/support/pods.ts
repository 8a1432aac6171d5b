import fc from 'fast-check';
import { acceptedPod } from './accepted-pods.ts';

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const flag = maybe(fc.boolean());
const user = maybe(fc.constantFrom(0, 1, 1000));
const quantity = fc.constantFrom('100m', '1', '0', '1Gi', '128Mi', 'Mi', '1e3');
const resources = fc.record(
  {
    requests: fc.dictionary(fc.constantFrom('cpu', 'memory'), quantity),
    limits: fc.dictionary(fc.constantFrom('cpu', 'memory'), quantity),
  },
  { requiredKeys: [] },
);
const capabilities = fc.record(
  {
    add: fc.array(fc.constantFrom('NET_ADMIN', 'SYS_ADMIN', 'CAP_SYS_ADMIN', 'NET_BIND_SERVICE'), { maxLength: 2 }),
    drop: fc.array(fc.constantFrom('ALL', 'all', 'NET_RAW'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const seccompProfile = maybe(fc.constantFrom({ type: 'RuntimeDefault' }, { type: 'Unconfined' }));
const security = fc.record(
  {
    privileged: flag,
    allowPrivilegeEscalation: flag,
    readOnlyRootFilesystem: flag,
    runAsNonRoot: flag,
    runAsUser: user,
    capabilities,
    seccompProfile,
  },
  { requiredKeys: [] },
);
const hook = fc.constantFrom(
  { sleep: { seconds: 5 } },
  { tcpSocket: { port: 80 } },
  { exec: { command: ['sleep', '9'] } },
);
const volumeNames = ['data', 'scratch-app-tmp', 'settings'];
const mount = fc.record({
  name: fc.constantFrom(...volumeNames),
  mountPath: fc.constantFrom('/tmp', '/tmp/', '/var', '/data', 'tmp/x'),
  readOnly: flag,
});

const common = {
  image: fc.constantFrom('registry.example/app:1.0', 'nginx', 'nginx:latest', 'reg:5000/nginx'),
  securityContext: maybe(security),
  volumeMounts: maybe(fc.uniqueArray(mount, { maxLength: 2, selector: ({ mountPath }) => mountPath })),
};
const full = {
  ...common,
  resources: maybe(resources),
  ports: maybe(
    fc.array(fc.record({ containerPort: fc.constantFrom(80, 8080), name: maybe(fc.constantFrom('http', 'metrics')) }), {
      maxLength: 2,
    }),
  ),
  lifecycle: maybe(fc.record({ preStop: hook }, { requiredKeys: [] })),
};
const named = <T extends object>(prefix: string, list: T[]): (T & { name: string })[] =>
  list.map((container, index) => ({ ...container, name: index === 0 ? prefix : `${prefix}-${index}` }));

/** The spec of a random Pod of ordinary shape, as a manifest would have it. */
export const podSpec = fc
  .record({
    containers: fc.array(fc.record(full), { minLength: 1, maxLength: 3 }),
    initContainers: maybe(
      fc.array(fc.record({ ...full, restartPolicy: maybe(fc.constant('Always')) }), { maxLength: 2 }),
    ),
    ephemeralContainers: maybe(fc.array(fc.record(common), { maxLength: 1 })),
    securityContext: maybe(fc.record({ runAsUser: user, runAsNonRoot: flag, seccompProfile }, { requiredKeys: [] })),
    terminationGracePeriodSeconds: maybe(fc.constantFrom(-1, 0, 1, 10, 30, 295)),
    restartPolicy: maybe(fc.constantFrom('Always', 'Never', 'OnFailure')),
    hostNetwork: flag,
    hostUsers: flag,
    os: maybe(fc.constantFrom({ name: 'linux' }, { name: 'windows' })),
    nodeSelector: maybe(fc.constantFrom({ 'kubernetes.io/os': 'windows' }, { disk: 'ssd' })),
    resources: maybe(resources),
    volumes: maybe(
      fc.constantFrom(
        volumeNames.map((name) => ({ name, emptyDir: {} })),
        volumeNames.map((name) => ({ name, configMap: { name } })),
      ),
    ),
  })
  .map((spec) => ({
    ...spec,
    containers: named('app', spec.containers),
    initContainers: spec.initContainers && named('init', spec.initContainers),
    ephemeralContainers: spec.ephemeralContainers && named('debug', spec.ephemeralContainers),
  }))
  // what was left out is absent, as in any JSON
  .map((spec) => JSON.parse(JSON.stringify(spec)) as Record<string, unknown>);

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', 'x', [], {}, [null], '__proto__'),
  fc.constant(JSON.parse('{"__proto__":{"hostNetwork":true},"constructor":{"prototype":1}}') as unknown),
);

const wholePod = fc.oneof(
  podSpec.map((spec) => ({ metadata: { name: 'web', annotations: {}, ownerReferences: [{}] }, spec })),
  acceptedPod,
);

/** A Pod of which some parts were replaced by something else entirely. */
export const hostilePod = fc
  .tuple(wholePod, fc.array(fc.tuple(fc.integer({ min: 0, max: 10_000 }), junk), { minLength: 1, maxLength: 4 }))
  .map(([whole, damages]) => {
    let pod: unknown = whole;
    for (const [place, value] of damages) pod = damaged(pod, place, value);
    return pod;
  });

/** The value with the place-th of its parts, in depth-first order, replaced. */
function damaged(root: unknown, place: number, value: unknown): unknown {
  const paths: string[][] = [];
  const walk = (node: unknown, path: string[]): void => {
    paths.push(path);
    if (typeof node === 'object' && node !== null)
      for (const [key, child] of Object.entries(node)) walk(child, [...path, key]);
  };
  walk(root, []);
  return replaceAt(root, paths[place % paths.length] ?? [], value);
}

function replaceAt(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node)) return node.with(Number(key), replaceAt(node[Number(key)], rest, value));
  const object = node as Record<string, unknown>;
  return { ...object, [key]: replaceAt(object[key], rest, value) };
}

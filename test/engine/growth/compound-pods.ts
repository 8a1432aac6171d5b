import { badContainer } from './elements.ts';

type MakePod = (count: number) => Readonly<Record<string, unknown>>;

const list = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const podOf = (spec: object, metadata: object = {}) => ({ metadata: { name: 'web', ...metadata }, spec });
const app = { name: 'app', image: 'registry.example/app:1' };

/** Pods of which more than one list grows, for what compares one with another. */
export const compoundPods: Readonly<Record<string, MakePod>> = {
  'bad containers, each with its volume': (count) =>
    podOf({
      containers: list(count, badContainer),
      volumes: list(count, (index) => ({ name: `v${index}`, hostPath: { path: '/' } })),
    }),
  'bad containers of one name': (count) =>
    podOf({ containers: list(count, (index) => ({ ...badContainer(index), name: 'same' })) }),
  'containers of every kind': (count) =>
    podOf({
      containers: list(count, badContainer),
      initContainers: list(count, (index) => ({ ...badContainer(index), name: `i${index}`, restartPolicy: 'Always' })),
      ephemeralContainers: list(count, (index) => ({ name: `e${index}`, image: 'app' })),
    }),
  'AppArmor annotations of containers': (count) =>
    podOf(
      { containers: list(count, badContainer) },
      {
        annotations: Object.fromEntries(
          list(count, (index) => [`container.apparmor.security.beta.kubernetes.io/Bad_${index}`, 'unconfined']),
        ),
      },
    ),
  'mounts of volumes': (count) =>
    podOf({
      containers: [
        { ...app, volumeMounts: list(count, (index) => ({ name: `v${index}`, mountPath: `/data/${index}` })) },
      ],
      volumes: list(count, (index) => ({ name: `v${index}`, emptyDir: {} })),
    }),
  'containers that mount volumes for scratch space': (count) =>
    podOf({
      containers: list(count, (index) => ({
        name: `c${index}`,
        image: 'registry.example/app:1',
        volumeMounts: [{ name: `scratch-c${index}-tmp`, mountPath: '/tmp' }],
      })),
      volumes: list(count, (index) => ({ name: `scratch-c${index}-tmp`, emptyDir: {} })),
    }),
  'containers with ports and probes of the same': (count) =>
    podOf({
      containers: list(count, (index) => ({
        name: `c${index}`,
        image: 'registry.example/app:1',
        ports: [{ containerPort: 8_080, name: 'http' }],
        readinessProbe: { httpGet: { port: index % 2 === 0 ? 'http' : 9_090 } },
        livenessProbe: { httpGet: { port: index % 2 === 0 ? 'http' : 9_090 } },
      })),
    }),
  'ports of a host network and a probe': (count) =>
    podOf({
      hostNetwork: true,
      containers: [
        {
          ...app,
          ports: list(count, (index) => ({ containerPort: index + 1, name: `p${index}` })),
          readinessProbe: { httpGet: { port: 'missing' } },
          livenessProbe: { tcpSocket: { port: count } },
        },
      ],
    }),
  'limits and requests': (count) =>
    podOf({
      containers: [
        {
          ...app,
          resources: {
            limits: Object.fromEntries(list(count, (index) => [`r${index}`, '1'])),
            requests: Object.fromEntries(list(count, (index) => [`r${index}`, '2'])),
          },
        },
      ],
      resources: { limits: Object.fromEntries(list(count, (index) => [`hugepages-${index}`, '1'])) },
    }),
  'containers, each with a resource of its own': (count) =>
    podOf({
      containers: list(count, (index) => ({
        ...app,
        name: `c${index}`,
        resources: { limits: { [`r${index}`]: '1' } },
      })),
    }),
  'unknown fields': (count) =>
    podOf({ containers: [app], ...Object.fromEntries(list(count, (index) => [`f${index}`, 1])) }),
  'values of a wrong type': (count) =>
    podOf({ containers: [{ ...app, env: list(count, () => 1), ports: list(count, () => ({ containerPort: 'x' })) }] }),
  nulls: (count) => podOf({ containers: [app, ...list(count, () => null)], volumes: list(count, () => null) }),
};

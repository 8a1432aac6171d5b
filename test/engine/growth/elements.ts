import { podFields } from '../../../src/subject/pod-fields.ts';
import type { PodPlace } from './pod-places.ts';

/** Each another, one over and over, or what rules object to. */
export const kindsOfElements = ['distinct', 'equal', 'bad'] as const;
export type KindOfElements = (typeof kindsOfElements)[number];

/** So many elements for each list of the place of which the kind makes a difference, because a rule reads what is there. */
export function elementsOf({ lists, name }: PodPlace, kind: KindOfElements, count: number): Record<string, unknown[]> {
  return Object.fromEntries(
    lists.flatMap(({ field, element }) => {
      const bad = badAt.find(([place]) => place.test(`${name}.${field}`))?.[1] ?? badElements[element];
      if (kind !== 'distinct' && bad === undefined) return [];
      if (kind === 'equal' && element.endsWith('{}')) return [];
      const make = kind === 'bad' ? bad : (index: number) => good(element, kind === 'distinct' ? index : 0);
      return [[field, Array.from({ length: count }, (_, index) => make?.(index))]];
    }),
  );
}

function good(type: string, index: number): unknown {
  if (type.endsWith('{}')) return [`key-${index}`, good(type.slice(0, -2), index)];
  const fields = podFields[type];
  if (fields === undefined) return scalar(type, index);
  const scalars = Object.entries(fields).filter(([, field]) => scalar(field, 0) !== undefined);
  return Object.fromEntries(scalars.map(([key, field]) => [key, scalar(field, index)]));
}

function scalar(type: string, index: number): unknown {
  if (type === 'string') return `e${index}`;
  if (type === 'quantity') return `${index + 1}`;
  if (type === 'boolean') return true;
  return type.startsWith('integer') || type === 'number' ? index + 1 : undefined;
}

type Make = (index: number) => unknown;

/** One of the values by turns, as often as the list is long. */
const turns =
  (...makes: readonly Make[]): Make =>
  (index) =>
    makes[index % makes.length]?.(index);

/** A container that about every rule has something to say about. */
export function badContainer(index: number) {
  const probe = { exec: { command: ['curl', 'http://example.com'] }, timeoutSeconds: 60 };
  return {
    name: `Bad_${index}`,
    image: `evil.example/app${index % 3}:latest`,
    imagePullPolicy: index % 2 === 0 ? 'Never' : 'IfNotPresent',
    env: [{ name: 'DB_PASSWORD', value: 'secret' }],
    ports: [{ containerPort: index + 1, hostPort: index + 1 }],
    livenessProbe: probe,
    readinessProbe: probe,
    lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 100'] } } },
    resources: { limits: { cpu: '1', memory: '1m' }, requests: { cpu: '1' } },
    volumeMounts: [{ name: `v${index}`, mountPath: '/data' }],
    securityContext: {
      privileged: true,
      allowPrivilegeEscalation: true,
      procMount: 'Unmasked',
      runAsUser: 0,
      runAsNonRoot: false,
      capabilities: { add: ['SYS_ADMIN', 'NET_RAW'] },
      seccompProfile: { type: 'Unconfined' },
      appArmorProfile: { type: 'Unconfined' },
      seLinuxOptions: { type: 'spc_t', user: 'root' },
      windowsOptions: { hostProcess: true },
    },
  };
}

const badElements: Readonly<Record<string, Make>> = {
  Container: turns(badContainer, (index) => ({ name: `bare-${index}`, image: 'app' })),
  EphemeralContainer: turns(
    (index) => ({ name: `debug-${index}`, image: 'app', securityContext: badContainer(index).securityContext }),
    (index) => ({ name: `bare-${index}`, image: 'app' }),
  ),
  EnvVar: turns(
    () => ({ name: 'PWD', value: 'hunter2' }),
    () => ({ name: 'DB_PASSWORD', value: 'hunter2' }),
    (index) => ({ name: `API_TOKEN_${index}`, value: 'hunter2' }),
  ),
  ContainerPort: turns(
    (index) => ({ containerPort: index + 1, hostPort: index + 1 }),
    () => ({ containerPort: 80, name: 'http', hostPort: 80 }),
  ),
  Volume: turns(
    (index) => ({ name: `host-${index}`, hostPath: { path: '/' } }),
    (index) => ({ name: `git-${index}`, gitRepo: { repository: 'r' } }),
    (index) => ({ name: `empty-${index}`, emptyDir: {} }),
    () => ({ name: 'same', hostPath: { path: '/' } }),
  ),
  VolumeMount: turns(
    (index) => ({ name: 'same', mountPath: `/tmp/${index}` }),
    (index) => ({ name: `v${index}`, mountPath: '/tmp' }),
  ),
  Sysctl: turns(
    (index) => ({ name: `kernel.bad_${index}`, value: '1' }),
    () => ({ name: 'kernel.msgmax', value: '1' }),
  ),
};

/** Where the type does not say it. */
const badAt: readonly (readonly [RegExp, Make])[] = [
  [
    /capabilities\.(add|drop)$/,
    turns(
      (index) => `CAP_${index}`,
      () => 'SYS_ADMIN',
    ),
  ],
  [/\.(limits|requests)$/, (index) => [`hugepages-${index}`, '0.5']],
  [/command$/, (index) => (index === 0 ? 'timeout' : ['curl', 'timeout', 'http://example.com', '-s'][index % 4])],
  [/^metadata\.annotations$/, (index) => [`container.apparmor.security.beta.kubernetes.io/app-${index}`, 'unconfined']],
  [/ownerReferences$/, (index) => ({ kind: 'ReplicaSet', name: `r-${index}`, uid: `${index}`, controller: true })],
];

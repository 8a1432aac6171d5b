import type { Factor, FactorValue } from './pairwise.ts';
import { appArmorAnnotations, baseline, handlers, profiles, seLinux, sysctls, volumeSources } from './values.ts';

interface Context {
  [field: string]: unknown;
}

/** A container in the making. */
export interface DraftContainer {
  [field: string]: unknown;
  readonly name: string;
  readonly securityContext: Context;
}

/** A Pod in the making, into which values are written. */
export interface Draft {
  readonly annotations: Record<string, string>;
  readonly spec: { [field: string]: unknown; readonly securityContext: Context };
  readonly containers: Readonly<Record<Role, DraftContainer>>;
}

const roles = ['init', 'sidecar', 'main'] as const;
type Role = (typeof roles)[number] | 'ephemeral';

type Value = FactorValue<Draft>;
const plain = (name: string): Value => ({ name, apply: () => undefined });
const value = (name: string, apply: (draft: Draft) => void, more: Pick<Value, 'needs' | 'refuses'> = {}): Value => ({
  name,
  apply,
  ...more,
});

/** A field of a security context, unset first, else with each of these values. */
function fieldValues(
  context: (draft: Draft) => Context,
  field: string,
  values: Readonly<Record<string, unknown>>,
): Value[] {
  const set = Object.entries(values).map(([name, content]) =>
    value(name, (draft) => void (context(draft)[field] = content)),
  );
  return [plain('unset'), ...set];
}

const contextOf = (role: Role) => (draft: Draft) => draft.containers[role].securityContext;
const ofPod = (draft: Draft): Context => draft.spec.securityContext;
const booleans = { true: true, false: false };

function setFlag(field: string, name: 'true' | 'false', refuses: Value['refuses'] = {}): Value {
  return value(name, (draft) => void (draft.spec[field] = name === 'true'), { refuses });
}

export const podFactors: Factor<Draft>[] = [
  { name: 'os', values: [plain('unset'), value('linux', (draft) => void (draft.spec['os'] = { name: 'linux' }))] },
  {
    name: 'nodeSelector',
    values: [
      plain('unset'),
      value('windows', (draft) => void (draft.spec['nodeSelector'] = { 'kubernetes.io/os': 'windows' })),
    ],
  },
  { name: 'hostNetwork', values: [plain('unset'), setFlag('hostNetwork', 'false'), setFlag('hostNetwork', 'true')] },
  { name: 'hostPID', values: [plain('unset'), setFlag('hostPID', 'false'), setFlag('hostPID', 'true')] },
  { name: 'hostIPC', values: [plain('unset'), setFlag('hostIPC', 'false'), setFlag('hostIPC', 'true')] },
  {
    name: 'hostUsers',
    values: [
      plain('unset'),
      setFlag('hostUsers', 'true'),
      setFlag('hostUsers', 'false', { hostNetwork: ['true'], hostPID: ['true'], hostIPC: ['true'] }),
    ],
  },
  {
    name: 'hostProcess',
    values: [
      plain('unset'),
      value('false', (draft) => void (ofPod(draft)['windowsOptions'] = { hostProcess: false }), {
        refuses: { os: ['linux'] },
      }),
      value('Pod', (draft) => void (ofPod(draft)['windowsOptions'] = { hostProcess: true }), {
        needs: { hostNetwork: 'true' },
        refuses: { os: ['linux'] },
      }),
      value(
        'containers',
        (draft) => {
          for (const role of roles) contextOf(role)(draft)['windowsOptions'] = { hostProcess: true };
        },
        { needs: { hostNetwork: 'true' }, refuses: { os: ['linux'] } },
      ),
    ],
  },
  {
    name: 'sysctl',
    values: [
      plain('unset'),
      ...Object.entries(sysctls).map(([name, content]) =>
        value(name, (draft) => void (ofPod(draft)['sysctls'] = [{ name, value: content }]), {
          refuses: name.startsWith('net') ? { hostNetwork: ['true'] } : { hostIPC: ['true'] },
        }),
      ),
    ],
  },
  {
    name: 'volume',
    values: [
      plain('unset'),
      value('no source', (draft) => void (draft.spec['volumes'] = [{ name: 'v' }])),
      ...Object.entries(volumeSources).map(([name, source]) =>
        value(
          name,
          (draft) =>
            void (draft.spec['volumes'] = [
              { name: 'w', emptyDir: {} },
              { name: 'v', [name]: source },
            ]),
        ),
      ),
    ],
  },
  {
    name: 'seccompProfile of the Pod',
    values: fieldValues(ofPod, 'seccompProfile', profiles).toSorted(firstIs('RuntimeDefault')),
  },
  {
    name: 'seccomp annotation of the Pod',
    values: [
      plain('unset'),
      value(
        'unconfined',
        (draft) => void (draft.annotations['seccomp.security.alpha.kubernetes.io/pod'] = 'unconfined'),
        {
          needs: { 'seccompProfile of the Pod': 'Unconfined' },
        },
      ),
      value(
        'runtime/default',
        (draft) => void (draft.annotations['seccomp.security.alpha.kubernetes.io/pod'] = 'runtime/default'),
        { needs: { 'seccompProfile of the Pod': 'RuntimeDefault' } },
      ),
    ],
  },
  { name: 'appArmorProfile of the Pod', values: fieldValues(ofPod, 'appArmorProfile', profiles) },
  { name: 'seLinuxOptions of the Pod', values: fieldValues(ofPod, 'seLinuxOptions', seLinux) },
  {
    name: 'runAsNonRoot of the Pod',
    values: fieldValues(ofPod, 'runAsNonRoot', booleans).toSorted(firstIs('true')),
  },
  { name: 'runAsUser of the Pod', values: fieldValues(ofPod, 'runAsUser', { 0: 0, 1000: 1000 }) },
  { name: 'runAsGroup of the Pod', values: fieldValues(ofPod, 'runAsGroup', { 0: 0 }) },
];

/** The order that puts the value of this name first and leaves the rest. */
function firstIs(name: string): (a: Value, b: Value) => number {
  return (a, b) => Number(b.name === name) - Number(a.name === name);
}

function containerFactors(role: Role): Factor<Draft>[] {
  const context = contextOf(role);
  const escalation = `allowPrivilegeEscalation of ${role}`;
  const capabilities = (draft: Draft): Context => (context(draft)['capabilities'] ??= {}) as Context;
  const added = (names: readonly string[], more: Pick<Value, 'needs' | 'refuses'> = {}): Value =>
    value(
      names.length > 3 ? 'baseline' : `[${names.join()}]`,
      (draft) => void (capabilities(draft)['add'] = names),
      more,
    );
  const dropped = (...names: string[]): Value =>
    value(`[${names.join()}]`, (draft) => void (capabilities(draft)['drop'] = names));
  const withPorts = (name: string, port: object, refuses: Value['refuses'] = {}): Value =>
    value(name, (draft) => void (draft.containers[role]['ports'] = [{ containerPort: portOf(role), ...port }]), {
      refuses,
    });
  return [
    { name: escalation, values: fieldValues(context, 'allowPrivilegeEscalation', booleans).toSorted(firstIs('false')) },
    {
      name: `privileged of ${role}`,
      values: fieldValues(context, 'privileged', booleans).map((one) =>
        one.name === 'true' ? { ...one, needs: { [escalation]: 'unset' } } : one,
      ),
    },
    {
      name: `capabilities.add of ${role}`,
      values: [
        plain('unset'),
        added([]),
        added(['NET_BIND_SERVICE']),
        added(['SYS_ADMIN']),
        added(baseline),
        added(['CHOWN']),
        added(['CAP_SYS_ADMIN'], { needs: { [escalation]: 'unset' } }),
        added(['chown']),
        added(['CAP_NET_BIND_SERVICE']),
        added(['ALL']),
        added(['SYS_PTRACE', 'NET_BIND_SERVICE']),
      ],
    },
    {
      name: `capabilities.drop of ${role}`,
      values: [
        dropped('ALL'),
        plain('unset'),
        dropped('NET_RAW', 'ALL'),
        dropped('NET_RAW'),
        dropped('all'),
        dropped('CAP_ALL'),
      ],
    },
    {
      name: `procMount of ${role}`,
      values: fieldValues(context, 'procMount', { Default: 'Default', Unmasked: 'Unmasked' }).map((one) =>
        one.name === 'Unmasked' ? { ...one, needs: { hostUsers: 'false' } } : one,
      ),
    },
    { name: `seccompProfile of ${role}`, values: fieldValues(context, 'seccompProfile', profiles) },
    { name: `appArmorProfile of ${role}`, values: fieldValues(context, 'appArmorProfile', profiles) },
    { name: `AppArmor annotation of ${role}`, values: [plain('unset'), ...appArmorAnnotationsOf(role)] },
    { name: `seLinuxOptions of ${role}`, values: fieldValues(context, 'seLinuxOptions', seLinux) },
    { name: `runAsNonRoot of ${role}`, values: fieldValues(context, 'runAsNonRoot', booleans) },
    { name: `runAsUser of ${role}`, values: fieldValues(context, 'runAsUser', { 0: 0, 1000: 1000 }) },
    {
      name: `ports of ${role}`,
      values: [
        plain('unset'),
        withPorts('container', {}),
        withPorts('hostPort 0', { hostPort: 0 }),
        withPorts('hostIP', { hostIP: '127.0.0.1' }),
        withPorts('hostPort', { hostPort: portOf(role) }),
      ],
    },
    ...(role === 'init' ? [] : [handlerFactor(role)]),
  ];
}

const portOf = (role: Role): number => (role === 'sidecar' ? 8001 : 8002);

function appArmorAnnotationsOf(role: Role): Value[] {
  const key = `container.apparmor.security.beta.kubernetes.io/${role}`;
  return Object.entries(appArmorAnnotations).map(([content, profile]) =>
    value(content, (draft) => void (draft.annotations[key] = content), {
      refuses: { [`appArmorProfile of ${role}`]: Object.keys(profiles).filter((name) => name !== profile) },
    }),
  );
}

function handlerFactor(role: Role): Factor<Draft> {
  const values = Object.entries(handlers).map(([name, fields]) =>
    value(name, (draft) => void Object.assign(draft.containers[role], fields)),
  );
  return { name: `handlers of ${role}`, values: [plain('unset'), ...values] };
}

export const linuxFactors = [...podFactors, ...roles.flatMap(containerFactors)];

/** What may be said of a Pod for Windows. */
const forWindows =
  /^(?:nodeSelector|hostNetwork|hostProcess|volume|runAsNonRoot of .*|ports of .*|handlers of .*|AppArmor annotation of .*)$/;
export const windowsFactors: readonly Factor<Draft>[] = [
  { name: 'os', values: [value('windows', (draft) => void (draft.spec['os'] = { name: 'windows' }))] },
  ...linuxFactors.filter(({ name }) => forWindows.test(name)),
];

/** What may be said of an ephemeral container. */
export const ephemeralFactors = containerFactors('ephemeral').filter(
  ({ name }) => !/^(?:ports|handlers|AppArmor)/.test(name),
);

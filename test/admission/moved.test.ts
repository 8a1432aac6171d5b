import { expect, test } from 'vitest';
import type { Exemption } from '../../src/engine/exemption.ts';
import { onlyRules } from '../support/policies.ts';
import { base, type Change, update } from '../support/updates.ts';

const other = { ...base, name: 'proxy' };
const always = { restartPolicy: 'Always' };
const container = (more: object) => ({ containers: [{ ...base, ...more }] });
const secured = (securityContext: object) => container({ securityContext });
const privileged = { securityContext: { privileged: true } };
const serves = (containerPort: number, name?: string) => ({ ports: [{ containerPort, ...(name && { name }) }] });
const asWhole = (securityContext: object, ...containers: object[]) => ({
  securityContext,
  containers: containers.length > 0 ? containers : [base],
});
const volumeNamed = (name: string, path: string) => ({
  ...container({ volumeMounts: [{ name, mountPath: '/data' }] }),
  volumes: [{ name, hostPath: { path } }],
});
const onNode = (...hostPorts: number[]) => ({
  containers: [base, other].map((each, index) => ({
    ...each,
    ports: [{ containerPort: 8080 + index, hostPort: hostPorts[index] }],
  })),
});
const sized = (request: string, limit: string) =>
  container({ resources: { requests: { cpu: request }, limits: { cpu: limit } } });

interface Move extends Change {
  readonly what: string;
}

/** The same defect in another place. */
const moved: readonly Move[] = [
  {
    what: 'a container that becomes a sidecar',
    rule: 'no-privileged-containers',
    before: { containers: [base, { ...other, ...privileged }] },
    after: { containers: [base], initContainers: [{ ...other, ...privileged, ...always }] },
  },
  {
    what: 'a sidecar that becomes a container',
    rule: 'require-memory-limit',
    before: { containers: [], initContainers: [{ ...other, ...always }] },
    after: { containers: [other] },
  },
  {
    what: 'a container that becomes an init container',
    rule: 'no-privilege-escalation',
    before: { containers: [other] },
    after: { containers: [], initContainers: [other] },
  },
  {
    what: 'a user that moves from the Pod to its container',
    rule: 'no-root-user',
    before: asWhole({ runAsUser: 0 }),
    after: secured({ runAsUser: 0 }),
  },
  {
    what: 'a profile that moves from the Pod to its container',
    rule: 'no-unconfined-seccomp',
    before: asWhole({ seccompProfile: { type: 'Unconfined' } }),
    after: secured({ seccompProfile: { type: 'Unconfined' } }),
  },
  {
    what: 'root that the Pod no longer asks for',
    rule: 'run-as-non-root',
    before: asWhole({ runAsNonRoot: false }),
    after: container({}),
  },
  {
    what: 'a profile that is no longer turned off',
    rule: 'require-seccomp-profile',
    before: secured({ seccompProfile: { type: 'Unconfined' } }),
    after: container({}),
  },
  {
    what: 'some capabilities instead of all',
    rule: 'limit-capabilities',
    before: container(privileged),
    after: secured({ capabilities: { add: ['NET_ADMIN', 'SYS_ADMIN'] } }),
  },
  {
    what: 'only the profile of a privileged container',
    rule: 'no-unconfined-seccomp',
    before: container(privileged),
    after: secured({ seccompProfile: { type: 'Unconfined' } }),
  },
  {
    what: 'another name of a volume',
    rule: 'no-host-path',
    before: volumeNamed('logs', '/var/log'),
    after: volumeNamed('log', '/var/log/app'),
  },
  {
    what: 'a port clash, in another order',
    rule: 'no-port-clash',
    before: { containers: [base, other].map((each) => ({ ...each, ...serves(8080) })) },
    after: { containers: [other, base].map((each) => ({ ...each, ...serves(8080) })) },
  },
  {
    what: 'a clash of host ports, in another order',
    rule: 'no-port-clash',
    before: onNode(80, 80),
    after: { containers: onNode(80, 80).containers.toReversed() },
  },
  {
    what: 'ports without names, in another order',
    rule: 'named-ports',
    before: container({ ports: [{ containerPort: 80, name: 'http' }, { containerPort: 443 }] }),
    after: container({ ports: [{ containerPort: 443 }, { containerPort: 80, name: 'http' }] }),
  },
  {
    what: 'one container less without a probe',
    rule: 'require-readiness-probe',
    before: { containers: [base, other].map((each) => ({ ...each, ...serves(8080) })) },
    after: container(serves(8080)),
  },
];

test.each(moved)('$what counts as existing ($rule)', (change) => {
  expect(update(change)).toBe('warned');
});

/** Another defect that might be taken for the one before. */
const added: readonly Move[] = [
  {
    what: 'an init container that becomes a container',
    rule: 'no-privileged-containers',
    before: { containers: [base], initContainers: [{ ...other, ...privileged }] },
    after: { containers: [base, { ...other, ...privileged }] },
  },
  {
    what: 'another name',
    rule: 'no-privileged-containers',
    before: { containers: [base, { ...other, ...privileged }] },
    after: { containers: [base, { ...other, ...privileged, name: 'web' }] },
  },
  {
    what: 'a copy',
    rule: 'no-privileged-containers',
    before: container(privileged),
    after: { containers: [base, { ...base, name: 'web' }].map((each) => ({ ...each, ...privileged })) },
  },
  {
    what: 'root where the container had a user of its own',
    rule: 'no-root-user',
    before: asWhole({ runAsUser: 0 }, { ...base, securityContext: { runAsUser: 1000 } }),
    after: asWhole({ runAsUser: 0 }, { ...base, securityContext: { runAsUser: 0 } }),
  },
  {
    what: 'another path under another name',
    rule: 'no-host-path',
    before: volumeNamed('logs', '/var/log'),
    after: volumeNamed('log', '/var'),
  },
  {
    what: 'a clash with another container',
    rule: 'no-port-clash',
    before: { containers: [base, other].map((each) => ({ ...each, ...serves(8080) })) },
    after: {
      containers: [base, { ...other, ...serves(8080) }, { ...other, ...serves(8080), name: 'metrics' }],
    },
  },
  {
    what: 'a clash of another port',
    rule: 'no-port-clash',
    before: onNode(80, 80),
    after: onNode(443, 443),
  },
  {
    what: 'another port without a name',
    rule: 'named-ports',
    before: container(serves(80)),
    after: container(serves(443)),
  },
  {
    what: 'a limit that is further from its request',
    rule: 'limit-resources',
    options: { cpuRatio: 2 },
    before: sized('1', '4'),
    after: sized('100m', '3'),
  },
  {
    what: 'a ratio beside a maximum',
    rule: 'limit-resources',
    options: { maxCpu: '2', cpuRatio: 2 },
    before: sized('8', '8'),
    after: sized('1', '8'),
  },
];

test.each(added)('$what counts as new ($rule)', (change) => {
  expect(update({ ...change, after: { ...change.before, schedulerName: 'other' } })).toBe('warned');
  expect(update(change)).toBe('denied');
});

test('the capabilities of a container that only an exemption let be privileged are new', () => {
  const rules = ['no-privileged-containers', 'limit-capabilities'];
  const match = { namespaces: ['*'], images: ['registry.example/*'] };
  const exemption: Exemption = {
    name: 'agent',
    rules: ['no-privileged-containers'],
    match,
    reason: 'it is one',
    owner: 'us',
  };
  const change = {
    rule: '',
    before: container(privileged),
    after: secured({ capabilities: { add: ['SYS_ADMIN'] } }),
  };
  const to = (exemptions: readonly Exemption[]) => update(change, { policy: onlyRules(rules, { exemptions }) });
  expect([to([]), to([exemption])]).toEqual(['warned', 'denied']);
});

test('the AppArmor annotation may become the field that replaces it', () => {
  const annotated = { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' };
  const after = secured({ appArmorProfile: { type: 'Unconfined' } });
  const rule = 'safe-apparmor-profile';
  expect(update({ rule, before: container({}), annotations: annotated, after })).toBe('warned');
  expect(update({ rule, before: container({}), after })).toBe('denied');
});

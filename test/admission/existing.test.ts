import { expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { Exemption } from '../../src/engine/exemption.ts';
import { onlyRules } from '../support/policies.ts';
import { deploymentObject, podObject, requestFor } from '../support/requests.ts';
import { base, type Change, update } from '../support/updates.ts';

const container = (more: object) => ({ containers: [{ ...base, ...more }] });
const adds = (...add: string[]) => container({ securityContext: { capabilities: { add } } });
const drops = (...drop: string[]) => container({ securityContext: { capabilities: { drop } } });
const hostPath = (path: string, readOnly?: boolean) => ({
  containers: [{ ...base, volumeMounts: [{ name: 'logs', mountPath: '/logs', ...(readOnly && { readOnly }) }] }],
  volumes: [{ name: 'logs', hostPath: { path } }],
});
const mountsOf = (path: string, ...mounts: object[]) => ({
  containers: [
    { ...base, volumeMounts: mounts.map((mount, n) => ({ name: 'logs', mountPath: `/logs/${n}`, ...mount })) },
  ],
  volumes: [{ name: 'logs', hostPath: { path } }],
});
const startedBy = (more: object) => ({ initContainers: [{ ...base, name: 'setup', ...more }], containers: [base] });
const twice = { env: ['1', '2'].map((value) => ({ name: 'A', value })) };
const privileged = { securityContext: { privileged: true } };
const imageVolume = (reference: string) => ({ ...container({}), volumes: [{ name: 'v', image: { reference } }] });
const volume = (source: object) => ({ ...container({}), volumes: [{ name: 'data', ...source }] });
const onHost = (hostPort: number, hostIP?: string) =>
  container({ ports: [{ name: 'http', containerPort: 80, hostPort, ...(hostIP && { hostIP }) }] });
const sysctl = (value: string) => ({
  ...container({}),
  securityContext: { sysctls: [{ name: 'net.core.somaxconn', value }] },
});
const liveness = (probe: object) => container({ livenessProbe: { httpGet: { port: 80, ...probe } } });
const patient = (probe: object) => container({ livenessProbe: { httpGet: { port: 80 }, ...probe } });
const drained = (sleep: number, grace: number) => ({
  ...container({ lifecycle: { preStop: { sleep: { seconds: sleep } } } }),
  terminationGracePeriodSeconds: grace,
});
const asUser = (securityContext: object) => container({ securityContext });
const cpu = (amount: string) => container({ resources: { requests: { cpu: amount } } });
const memory = (amount: string) => container({ resources: { requests: { memory: amount } } });
const tagged = (reference: string) => container({ image: `registry.example/team/app${reference}` });
const allowed = { allowed: ['registry.example'] };

/** Old, as bad, and worse. Each change passes with the same, and with less. */
const worse: readonly (Change & { readonly what: string })[] = [
  { what: 'other capabilities', rule: 'limit-capabilities', before: adds('NET_ADMIN'), after: adds('SYS_ADMIN') },
  { what: 'more capabilities', rule: 'limit-capabilities', before: adds('NET_ADMIN'), after: adds('NET_ADMIN', 'BPF') },
  { what: 'all capabilities', rule: 'limit-capabilities', before: adds('NET_ADMIN'), after: adds('ALL') },
  { what: 'the root of the node', rule: 'no-host-path', before: hostPath('/var/log/app'), after: hostPath('/') },
  { what: 'writing', rule: 'no-host-path', before: hostPath('/var/log/app', true), after: hostPath('/var/log/app') },
  {
    what: 'the whole volume',
    rule: 'no-host-path',
    before: mountsOf('/var/log', { subPath: 'app' }),
    after: mountsOf('/var/log', {}),
  },
  {
    what: 'another part of the volume',
    rule: 'no-host-path',
    before: mountsOf('/var/log', { subPath: 'app' }),
    after: mountsOf('/var/log', { subPath: 'apps' }),
  },
  {
    what: 'a part that the environment names',
    rule: 'no-host-path',
    before: mountsOf('/var/log', { subPath: 'app' }),
    after: mountsOf('/var/log', { subPathExpr: '$(APP)' }),
  },
  {
    what: 'writing elsewhere',
    rule: 'no-host-path',
    before: mountsOf('/var/log', { subPath: 'app' }, { readOnly: true }),
    after: mountsOf('/var/log', { subPath: 'app' }, {}),
  },
  {
    what: 'a mount',
    rule: 'no-host-path',
    before: mountsOf('/var/log'),
    after: mountsOf('/var/log', { readOnly: true }),
  },
  {
    what: 'mounts that the node sees',
    rule: 'no-host-path',
    before: mountsOf('/var/log', { mountPropagation: 'HostToContainer' }),
    after: mountsOf('/var/log', { mountPropagation: 'Bidirectional' }),
  },
  {
    what: 'mounts of the node',
    rule: 'no-host-path',
    before: mountsOf('/var/log', {}),
    after: mountsOf('/var/log', { mountPropagation: 'HostToContainer' }),
  },
  {
    what: 'a sidecar that was an init container',
    rule: 'no-privileged-containers',
    before: startedBy(privileged),
    after: startedBy({ ...privileged, restartPolicy: 'Always' }),
  },
  {
    what: 'another foreign registry',
    rule: 'allowed-registries',
    options: allowed,
    before: container({ image: 'quay.io/team/app:1' }),
    after: container({ image: 'evil.example/miner:1' }),
  },
  {
    what: 'a volume of another foreign image',
    rule: 'allowed-registries',
    options: allowed,
    before: imageVolume('quay.io/team/data:1'),
    after: imageVolume('evil.example/data:1'),
  },
  { what: 'another port of the node', rule: 'no-host-ports', before: onHost(8080), after: onHost(22) },
  { what: 'all addresses', rule: 'no-host-ports', before: onHost(80, '127.0.0.1'), after: onHost(80) },
  {
    what: 'another server',
    rule: 'limit-volume-types',
    before: volume({ nfs: { server: 'files.example', path: '/app' } }),
    after: volume({ nfs: { server: 'files.example', path: '/' } }),
  },
  {
    what: 'another repository',
    rule: 'no-git-repo-volume',
    before: volume({ gitRepo: { repository: 'https://git.example/app' } }),
    after: volume({ gitRepo: { repository: 'https://evil.example/app' } }),
  },
  { what: 'another value', rule: 'safe-sysctls', before: sysctl('1024'), after: sysctl('65535') },
  {
    what: 'another type',
    rule: 'safe-selinux-options',
    before: asUser({ seLinuxOptions: { type: 'custom_t' } }),
    after: asUser({ seLinuxOptions: { type: 'spc_t' } }),
  },
  {
    what: 'another host',
    rule: 'no-probe-host',
    before: liveness({ host: 'db.shop' }),
    after: liveness({ host: '169.254.169.254' }),
  },
  {
    what: 'another account',
    rule: 'no-service-account-token',
    before: container({}),
    after: { ...container({}), serviceAccountName: 'admin' },
  },
  {
    what: 'less patience',
    rule: 'patient-probes',
    before: patient({ periodSeconds: 3, failureThreshold: 3 }),
    after: patient({ periodSeconds: 1, failureThreshold: 3 }),
  },
  {
    what: 'less time to stop',
    rule: 'grace-period-covers-pre-stop',
    before: drained(25, 40),
    after: drained(25, 35),
  },
  {
    what: 'root by name',
    rule: 'run-as-non-root',
    before: container({}),
    after: asUser({ runAsNonRoot: false }),
  },
  {
    what: 'fewer capabilities dropped',
    rule: 'drop-all-capabilities',
    before: drops('CHOWN', 'KILL'),
    after: drops('KILL'),
  },
  { what: 'more cores', rule: 'plausible-resources', before: cpu('400'), after: cpu('800') },
  { what: 'less memory', rule: 'plausible-resources', before: memory('500'), after: memory('100') },
  {
    what: 'a tag that moves',
    rule: 'pin-image-tag',
    options: { requireDigest: true },
    before: tagged(':1'),
    after: tagged(':latest'),
  },
];

test.each(worse)('of an old object, $what is new ($rule)', (change) => {
  const keep = { ...change.before, schedulerName: 'other' };
  const verdicts = { kept: update({ ...change, after: keep }), made: update(change) };
  expect(verdicts).toEqual({ kept: 'warned', made: 'denied' });
});

test('an improved finding still counts as existing', () => {
  const better: readonly Change[] = [
    { rule: 'drop-all-capabilities', before: drops('KILL'), after: drops('KILL', 'CHOWN') },
    { rule: 'limit-capabilities', before: adds('NET_ADMIN', 'BPF'), after: adds('BPF') },
    { rule: 'limit-capabilities', before: adds('ALL'), after: adds('SYS_ADMIN') },
    { rule: 'no-host-path', before: hostPath('/data'), after: hostPath('/data/', true) },
    { rule: 'no-host-path', before: hostPath('/var/log'), after: hostPath('/var/log/app') },
    { rule: 'no-host-path', before: mountsOf('/var/log', {}), after: mountsOf('/var/log', { subPath: 'app' }) },
    { rule: 'no-host-path', before: mountsOf('/var/log', { subPath: 'app' }), after: hostPath('/var/log/app') },
    { rule: 'no-host-path', before: mountsOf('/var/log', {}), after: mountsOf('/var/log') },
    {
      rule: 'no-host-path',
      before: mountsOf('/var/log', { mountPropagation: 'Bidirectional' }),
      after: mountsOf('/var/log', { mountPropagation: 'HostToContainer' }),
    },
    {
      rule: 'no-privileged-containers',
      before: startedBy({ ...privileged, restartPolicy: 'Always' }),
      after: startedBy(privileged),
    },
    {
      rule: 'unique-env-names',
      before: startedBy(twice),
      after: startedBy({ ...twice, restartPolicy: 'Always' }),
    },
    { rule: 'grace-period-covers-pre-stop', before: drained(25, 35), after: drained(25, 40) },
  ];
  expect(better.map((change) => update(change))).toEqual(better.map(() => 'warned'));
});

test('a new tag or digest is admitted, another repository counts as new', () => {
  const image = (reference: string) => ({ ...container({ image: reference }), hostNetwork: true });
  const before = image('docker.io/team/app:1');
  const to = (reference: string, rule: string) => update({ rule, before, after: image(reference) });
  expect(
    ['no-host-network', 'require-memory-limit'].map((rule) => [
      to('team/app:2', rule),
      to(`team/app@sha256:${'a'.repeat(64)}`, rule),
      to('team/other:1', rule),
      // another spelling of the host is another text, which Pod Security evaluates again
      to('Docker.io/team/app:1', rule),
      to('registry-1.docker.io/team/app:1', rule),
    ]),
  ).toEqual([
    ['warned', 'warned', 'denied', 'denied', 'denied'],
    ['warned', 'warned', 'denied', 'denied', 'denied'],
  ]);
});

test('a formerly exempt finding is new once the exemption no longer covers it', () => {
  const rule = 'no-host-network';
  const before = { ...container({ image: 'docker.io/calico/node:v3' }), hostNetwork: true };
  const after = { ...before, schedulerName: 'other' };
  const exemption = (more: Partial<Exemption>): Exemption =>
    ({ name: 'network', rules: [rule], match: { namespaces: ['*'] }, reason: 'needs it', ...more }) as Exemption;
  const under = (one: Exemption, now: object = after) =>
    update(
      { rule, before, after: now },
      {
        now: Date.parse('2026-06-02T00:00:00Z'),
        policy: onlyRules([rule], { exemptions: [one] }),
      },
    );
  expect(under(exemption({ match: { namespaces: ['*'], images: ['docker.io/calico/*'] } }))).toBe('allowed');
  expect(
    under(exemption({ match: { namespaces: ['*'], images: ['docker.io/calico/*'] } }), {
      ...before,
      containers: [{ ...base, image: 'docker.io/evil/miner:1' }],
    }),
  ).toBe('denied');
  expect(under(exemption({ match: { namespaces: ['*'], users: ['root'] } }))).toBe('denied');
});

test("an existing Pod may change its image's tag but not its repository", () => {
  const old = { hostNetwork: true, containers: [base] };
  const to = (image: string) => {
    const after = podObject({ hostNetwork: true, containers: [{ ...base, image }] });
    const request = requestFor(after, { operation: 'UPDATE', oldObject: podObject(old) });
    return decide('validate', request, { policy: onlyRules(['no-host-network']), minor: 36 }).response.allowed;
  };
  expect([to('registry.example/team/app:2'), to('evil.example/miner:1')]).toEqual([true, false]);
});

test("a template's labels and annotations are part of the Pod, so an update that changes only them is evaluated", () => {
  const unconfined = { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' };
  const deployment = (annotations: object, spec: object = container({})) => ({
    ...deploymentObject(spec),
    spec: { template: { metadata: { labels: { app: 'web' }, annotations }, spec } },
  });
  const to = (before: object, after: object) => {
    const request = requestFor(deployment(after), { operation: 'UPDATE', oldObject: deployment(before) });
    const { response } = decide('validate', request, { policy: onlyRules(['safe-apparmor-profile']), minor: 36 });
    return [response.allowed, response.warnings?.length ?? 0];
  };
  expect([to({}, unconfined), to(unconfined, unconfined), to(unconfined, { ...unconfined, restarted: 'now' })]).toEqual(
    [
      [false, 0],
      [true, 0],
      [true, 0],
    ],
  );
});

test('so is what only its owner made exempt, once a user changes it', () => {
  const rule = 'no-host-network';
  const owned = (kind: string) => ({
    name: 'agent-1',
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'agent', uid: 'u', controller: true }],
  });
  const exemption = {
    name: 'agent',
    rules: [rule],
    match: { workloads: ['*/agent'] },
    reason: 'it is one',
    owner: 'us',
  };
  const policy = onlyRules([rule], { exemptions: [exemption], operators: ['operator'] });
  const update = (object: (spec: object, metadata: object) => object, kind: string, username: string) => {
    const [oldObject, after] = ['1', '2'].map((tag) =>
      object({ ...tagged(`:${tag}`), hostNetwork: true }, owned(kind)),
    );
    const request = requestFor(after, { operation: 'UPDATE', oldObject, userInfo: { username, groups: [] } });
    return decide('validate', request, { policy, minor: 36 }).response.allowed;
  };
  expect([
    update(podObject, 'DaemonSet', 'alice'),
    update(podObject, 'DaemonSet', 'operator'),
    update(deploymentObject, 'Agent', 'alice'),
    update(deploymentObject, 'Agent', 'operator'),
  ]).toEqual([false, true, false, true]);
});

test('templates and list elements are recognized wherever they move', () => {
  const job = (name: string, hostPID?: true) => ({
    name,
    template: { spec: { template: { spec: { ...container({}), ...(hostPID && { hostPID }) } } } },
  });
  const jobSet = (...replicatedJobs: object[]) => ({
    apiVersion: 'jobset.x-k8s.io/v1alpha2',
    kind: 'JobSet',
    metadata: { name: 'train', namespace: 'shop' },
    spec: { replicatedJobs },
  });
  const to = (...jobs: object[]) => {
    const request = requestFor(jobSet(...jobs), { operation: 'UPDATE', oldObject: jobSet(job('main', true)) });
    return decide('validate', request, { policy: onlyRules(['no-host-pid']), minor: 36 }).response.allowed;
  };
  expect([to(job('first'), job('main', true)), to(job('first', true), job('main', true))]).toEqual([true, false]);
  const ports = (...hostPorts: number[]) =>
    container({ ports: hostPorts.map((hostPort) => ({ containerPort: hostPort, hostPort })) });
  const move = { rule: 'no-host-ports', before: ports(80, 443) };
  expect([ports(443, 80), ports(443), ports(443, 80, 22)].map((after) => update({ ...move, after }))).toEqual([
    'warned',
    'warned',
    'denied',
  ]);
});

test('removing a value that hides findings of other rules makes nothing worse', () => {
  const rules =
    'drop-all-capabilities no-host-network no-host-ports no-privilege-escalation no-privileged-containers no-root-user run-as-non-root';
  const policy = onlyRules(rules.split(' '), { fixes: false });
  const to = (before: object, after: object) => update({ rule: '', before, after }, { policy });
  const privileged = { privileged: true, runAsUser: 0 };
  expect(to(asUser(privileged), asUser({ ...privileged, privileged: false }))).toBe('warned');
  expect(to(asUser(privileged), asUser({ privileged: true }))).toBe('warned');
  expect(to(asUser({ runAsUser: 0 }), asUser({}))).toBe('warned');
  expect(to({ ...onHost(80), hostNetwork: true }, onHost(80))).toBe('warned');
  expect(to({ ...onHost(80), hostNetwork: true }, onHost(22))).toBe('denied');
  expect(to(asUser({ privileged: true }), asUser({ runAsUser: 0 }))).toBe('denied');
});

test('a restart leaves findings that only an exemption had covered as they were', () => {
  const rule = 'no-host-network';
  const exemption = { name: 'admins', rules: [rule], match: { groups: ['admins'] }, reason: 'they know', owner: 'us' };
  const policy = onlyRules([rule], { exemptions: [exemption], existing: 'enforce' });
  const deployment = (annotations: object, more: object = {}) => {
    const spec = { ...container({}), hostNetwork: true, ...more };
    return { ...deploymentObject(spec), spec: { template: { metadata: { annotations }, spec } } };
  };
  const to = (after: object) => {
    const request = requestFor(after, { operation: 'UPDATE', oldObject: deployment({}) });
    return decide('validate', request, { policy, minor: 36 }).response.allowed;
  };
  const restarted = { 'kubectl.kubernetes.io/restartedAt': '2026-06-02T00:00:00Z' };
  expect([to(deployment(restarted)), to(deployment(restarted, { schedulerName: 'other' }))]).toEqual([true, false]);
});

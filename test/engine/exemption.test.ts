import { describe, expect, test } from 'vitest';
import {
  type Exemption,
  type ExemptionMatch,
  holds,
  isOpenToAll,
  namesRule,
  type Origin,
  openCover,
} from '../../src/engine/exemption.ts';
import type { Pointer } from '../../src/patch/pointer.ts';
import { type PodSubject, subjectOf } from '../../src/subject/pod-subject.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const pod = subjectOf({
  pod: {
    spec: {
      serviceAccountName: 'runner',
      initContainers: [{ name: 'istio-init', image: 'istio/proxyv2:1.25.0' }],
      containers: [
        { name: 'istio-proxy', image: `docker.io/istio/proxyv2:1.25.0@${digest}` },
        { name: 'web', image: 'nginx' },
      ],
      ephemeralContainers: [{ name: 'debug', image: 'Not An Image' }],
    },
  },
});
const bare = subjectOf({ pod: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } });

const origin: Origin = {
  namespace: { name: 'shop-eu', labels: { team: 'web', tier: '' } },
  workloads: ['Job/nightly-29', 'CronJob/nightly'],
  requester: { username: 'system:serviceaccount:ci:deployer', groups: ['system:authenticated', 'deployers'] },
  now: 0,
};
const nobody: Origin = { namespace: { name: 'shop-eu', labels: undefined }, workloads: ['Pod/web'], now: 0 };

const exemption = (match: ExemptionMatch, more: Partial<Exemption> = {}): Exemption => ({
  name: 'e',
  rules: ['*'],
  match,
  reason: 'r',
  owner: 'o',
  ...more,
});

describe('an exemption is for a subject', () => {
  const isFor = (match: ExemptionMatch, from: Origin | undefined = origin, subject = pod): boolean =>
    openCover([exemption(match)], subject, from) !== undefined;

  test.each<[ExemptionMatch, boolean]>([
    [{}, true],
    [{ namespaces: ['shop-eu'] }, true],
    [{ namespaces: ['shop'] }, false],
    [{ namespaces: ['shop-*'] }, true],
    [{ namespaces: ['*-us', '*-eu'] }, true],
    [{ namespaces: [] }, false],
    [{ namespaceLabels: { team: 'web' } }, true],
    [{ namespaceLabels: { team: 'w*' } }, true],
    [{ namespaceLabels: { team: 'shop' } }, false],
    [{ namespaceLabels: { tier: '' } }, true],
    [{ namespaceLabels: { tier: '*' } }, true],
    [{ namespaceLabels: { region: '*' } }, false],
    [{ namespaceLabels: { team: 'web', tier: '' } }, true],
    [{ namespaceLabels: { team: 'web', tier: 'gold' } }, false],
    [{ namespaceLabels: { toString: '*' } }, false],
    [{ workloads: ['CronJob/nightly'] }, true],
    [{ workloads: ['Job/nightly-29'] }, true],
    [{ workloads: ['*/nightly'] }, true],
    [{ workloads: ['CronJob/night'] }, false],
    [{ workloads: ['Deployment/nightly'] }, false],
    [{ workloads: ['Deployment/nightly', 'CronJob/*'] }, true],
    [{ serviceAccounts: ['runner'] }, true],
    [{ serviceAccounts: ['run*'] }, true],
    [{ serviceAccounts: ['default'] }, false],
    [{ users: ['system:serviceaccount:ci:deployer'] }, true],
    [{ users: ['system:serviceaccount:ci:*'] }, true],
    [{ users: ['deployer'] }, false],
    [{ groups: ['deployers'] }, true],
    [{ groups: ['*ers'] }, true],
    [{ groups: ['system:masters'] }, false],
    // and between fields, or within one
    [
      { namespaces: ['other', 'shop-eu'], workloads: ['Job/other', 'CronJob/nightly'], groups: ['x', 'deployers'] },
      true,
    ],
    [{ namespaces: ['other'], workloads: ['CronJob/nightly'] }, false],
    [{ namespaces: ['shop-eu'], workloads: ['CronJob/other'] }, false],
    [{ namespaces: ['shop-eu'], namespaceLabels: { team: 'other' } }, false],
    [{ serviceAccounts: ['runner'], users: ['alice'] }, false],
    [{ users: ['system:serviceaccount:ci:deployer'], groups: ['x'] }, false],
    // which containers it is for is asked finding by finding
    [{ images: ['quay.io/*'] }, true],
    [{ containers: ['nobody'] }, true],
  ])('%j: %s', (match, expected) => {
    expect(isFor(match)).toBe(expected);
  });

  test.each<[string, ExemptionMatch, Origin | undefined, boolean]>([
    ['labels that are not known match nothing', { namespaceLabels: { team: '*' } }, nobody, false],
    ['where nobody asks, no user matches', { users: ['*'] }, nobody, false],
    ['where nobody asks, no group matches', { groups: ['*'] }, nobody, false],
    ['a subject of unknown origin is never exempt', {}, undefined, false],
  ])('%s', (_, match, from, expected) => {
    expect(openCover([exemption(match)], pod, from) !== undefined).toBe(expected);
  });

  test('a Pod without a service account runs as default', () => {
    expect(isFor({ serviceAccounts: ['default'] }, origin, bare)).toBe(true);
    expect(isFor({ serviceAccounts: ['?'] }, origin, bare)).toBe(false);
    const empty = subjectOf({ pod: { spec: { serviceAccountName: '' } } });
    expect(isFor({ serviceAccounts: ['default'] }, origin, empty)).toBe(true);
  });

  test('several hold, in the order of the policy', () => {
    const all = [
      exemption({ namespaces: ['shop-*'] }, { name: 'b' }),
      exemption({ namespaces: ['other'] }, { name: 'c' }),
      exemption({}, { name: 'a' }),
    ];
    const cover = openCover(all, pod, origin);
    const first = (of: readonly Exemption[]) => cover?.(of, { path: '/spec' })?.name;
    expect([first(all), first(all.slice(1)), first(all.slice(1, 2))]).toEqual(['b', 'a', undefined]);
  });
});

const covers = (exemption: Exemption, rule: string, finding: { readonly path: Pointer }, of: PodSubject): boolean =>
  namesRule(exemption, rule) && openCover([exemption], of, origin)?.([exemption], finding) !== undefined;

describe('an exemption covers a finding', () => {
  const init: Pointer = '/spec/initContainers/0/securityContext';
  const proxy: Pointer = '/spec/containers/0';
  const web: Pointer = '/spec/containers/1/ports/0';
  const debug: Pointer = '/spec/ephemeralContainers/0/image';
  const whole: Pointer = '/spec/hostNetwork';

  const places = { init, proxy, web, debug, whole };

  test.each<[ExemptionMatch, (keyof typeof places)[]]>([
    [{}, ['init', 'proxy', 'web', 'debug', 'whole']],
    [{ containers: ['istio-init'] }, ['init']],
    [{ containers: ['istio-*'] }, ['init', 'proxy']],
    [{ containers: ['web', 'debug'] }, ['web', 'debug']],
    [{ containers: ['istio'] }, []],
    [{ containers: ['*'] }, ['init', 'proxy', 'web', 'debug', 'whole']],
    [{ containers: ['istio-*', 'web', 'debug'] }, ['init', 'proxy', 'web', 'debug', 'whole']],
    [{ images: ['docker.io/istio/proxyv2'] }, ['init', 'proxy']],
    [{ images: ['docker.io/istio/proxyv2:1.25.0'] }, ['init', 'proxy']],
    [{ images: ['docker.io/istio/proxyv2:1.24.*'] }, []],
    [{ images: [`docker.io/istio/proxyv2@${digest}`] }, ['proxy']],
    [{ images: ['docker.io/library/nginx:latest'] }, ['web']],
    [{ images: ['nginx'] }, []],
    [{ images: ['docker.io/library/*', 'docker.io/istio/*'] }, ['init', 'proxy', 'web']],
    // an image that is none matches no glob, so a finding of the whole Pod is not covered either
    [{ images: ['*'] }, ['init', 'proxy', 'web']],
    // both must be of the same container
    [{ containers: ['istio-init'], images: ['docker.io/istio/*'] }, ['init']],
    [{ containers: ['web', 'istio-init'], images: ['docker.io/istio/*'] }, ['init']],
    [{ containers: ['istio-init'], images: ['docker.io/library/nginx'] }, []],
  ])('%j: of %j', (match, expected) => {
    const covered = Object.entries(places).filter(([, path]) => covers(exemption(match), 'any-rule', { path }, pod));
    expect(covered.map(([place]) => place)).toEqual(expected);
  });

  test('of the whole Pod where all its containers match', () => {
    const match = { images: ['docker.io/library/nginx'] };
    expect(covers(exemption(match), 'r', { path: whole }, bare)).toBe(true);
  });

  test('of no container where the Pod has none', () => {
    const none = subjectOf({ pod: { spec: {} } });
    expect(covers(exemption({ containers: ['*'] }), 'r', { path: '/spec' }, none)).toBe(false);
    expect(covers(exemption({}), 'r', { path: '/spec' }, none)).toBe(true);
  });

  test('of the tenth container and not by the name of the first', () => {
    const containers = Array.from({ length: 11 }, (_, index) => ({ name: `c${index}`, image: 'nginx' }));
    const many = subjectOf({ pod: { spec: { containers } } });
    const finding = { path: '/spec/containers/10/image' as const };
    expect(covers(exemption({ containers: ['c1'] }), 'r', finding, many)).toBe(false);
    expect(covers(exemption({ containers: ['c10'] }), 'r', finding, many)).toBe(true);
  });

  test.each<[string[], boolean]>([
    [['*'], true],
    [['no-host-network'], true],
    [['no-host-path', 'no-host-network'], true],
    [['no-host-path'], false],
    [['no-host-*'], false],
  ])('rules %j: %s', (rules, expected) => {
    const finding = { path: whole };
    expect(covers(exemption({}, { rules }), 'no-host-network', finding, pod)).toBe(expected);
  });
});

describe('an exemption holds', () => {
  const expiresAt = Date.parse('2027-04-01T00:00:00Z');
  const dated = exemption({}, { expires: '2027-03-31', expiresAt });

  test.each<[string, Exemption, number | undefined, boolean]>([
    ['up to the last millisecond of its day', dated, expiresAt - 1, true],
    ['not from the first of the next', dated, expiresAt, false],
    ['not for good', dated, expiresAt + 1, false],
    ['not while nobody knows the time, if it ever expires', dated, undefined, false],
    ['at any time without an end', exemption({}), Number.MAX_SAFE_INTEGER, true],
    ['without a time and without an end', exemption({}), undefined, true],
  ])('%s', (_, given, now, expected) => {
    expect(holds(given, now)).toBe(expected);
    const { now: __, ...timeless } = origin;
    const from = now === undefined ? timeless : { ...timeless, now };
    expect(openCover([given], pod, from) !== undefined).toBe(expected);
  });
});

test.each<[string, Exemption['match'], boolean]>([
  ['images alone', { images: ['docker.io/calico/*'] }, true],
  ['containers of any workload', { containers: ['app'], namespaces: ['shop'], workloads: ['*/*'] }, true],
  [
    'images, for any account, user and group',
    { images: ['a'], serviceAccounts: ['*'], users: ['*'], groups: ['*'] },
    true,
  ],
  ['images of bare Pods', { images: ['a'], workloads: ['DaemonSet/agent', 'Pod/*'] }, true],
  ['images for everyone with an account', { images: ['a'], groups: ['system:authenticated'] }, true],
  ['images of some bare Pods', { images: ['a'], workloads: ['Pod/debug-*'] }, false],
  ['images of one workload', { images: ['a'], workloads: ['DaemonSet/agent'] }, false],
  ['images for administrators', { images: ['a'], groups: ['admins', 'operators'] }, false],
  ['namespaces', { namespaces: ['shop'] }, false],
])('an exemption by %s can be used by anyone who creates Pods: %#', (_, match, expected) => {
  expect(isOpenToAll(exemption(match))).toBe(expected);
});

import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { deepFreeze } from '../support/deep-freeze.ts';

const specOf = (spec: object) => subjectOf({ pod: deepFreeze({ spec }) }).spec;
const container = { name: 'app', image: 'app:1', imagePullPolicy: 'IfNotPresent' };

describe('defaults, as the API server fills them in', () => {
  test('an empty Pod', () => {
    expect(specOf({})).toEqual({
      restartPolicy: 'Always',
      securityContext: {},
      containers: [],
      terminationGracePeriodSeconds: 30,
    });
  });

  test('a Pod from the API server is not copied', () => {
    const spec = deepFreeze({
      restartPolicy: 'Always',
      securityContext: {},
      containers: [{ ...container, resources: {}, ports: [{ containerPort: 80, protocol: 'TCP' }] }],
      terminationGracePeriodSeconds: 30,
      volumes: [{ name: 'a', emptyDir: {} }],
    });
    expect(subjectOf({ pod: { spec } }).spec).toBe(spec);
  });

  test('limits are requests where there are none, key by key', () => {
    const resources = { requests: { memory: '1Gi' }, limits: { cpu: '1', memory: '2Gi' } };
    expect(specOf({ containers: [{ ...container, resources }] }).containers[0]?.resources).toEqual({
      requests: { memory: '1Gi', cpu: '1' },
      limits: { cpu: '1', memory: '2Gi' },
    });
  });

  test('a limit of the Pod becomes its request, at least what its containers ask for', () => {
    const asks = { ...container, resources: { requests: { cpu: '200m' } } };
    expect(specOf({ resources: { limits: { cpu: '1', memory: '1Gi' } }, containers: [asks, asks] }).resources).toEqual({
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '400m', memory: '1Gi' },
    });
  });

  test('on the network of the host a port is a port of the host', () => {
    const ports = [{ containerPort: 80 }, { containerPort: 53, hostPort: 53, protocol: 'UDP' }];
    expect(specOf({ hostNetwork: true, containers: [{ ...container, ports }] }).containers[0]?.ports).toEqual([
      { containerPort: 80, hostPort: 80, protocol: 'TCP' },
      { containerPort: 53, hostPort: 53, protocol: 'UDP' },
    ]);
  });

  test('zeros of a probe are filled like absent fields', () => {
    const livenessProbe = { httpGet: { port: 80 }, periodSeconds: 0, failureThreshold: 1 };
    expect(specOf({ containers: [{ ...container, livenessProbe }] }).containers[0]?.livenessProbe).toEqual({
      httpGet: { port: 80, path: '/', scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 1,
    });
  });

  test('a volume without a source is an emptyDir, also where the source is null', () => {
    expect(specOf({ volumes: [{ name: 'a' }, { name: 'b', emptyDir: null }] }).volumes).toEqual([
      { name: 'a', emptyDir: {} },
      { name: 'b', emptyDir: {} },
    ]);
  });

  test.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1', 'IfNotPresent'],
    ['reg:5000/nginx', 'Always'],
    ['Nginx', 'IfNotPresent'],
  ])('the pull policy of %s is %s', (image, policy) => {
    expect(specOf({ containers: [{ name: 'app', image }] }).containers[0]?.imagePullPolicy).toBe(policy);
  });

  test.each([
    [-3, 1],
    [0, 0],
    [undefined, 30],
  ])('a grace period of %s is %s', (given, filled) => {
    expect(specOf({ terminationGracePeriodSeconds: given }).terminationGracePeriodSeconds).toBe(filled);
  });
});

describe('decoding', () => {
  test('null is absence, at every depth', () => {
    const { containers, spec, problems } = subjectOf({
      pod: { metadata: null, spec: { containers: null, initContainers: null, securityContext: null, volumes: [null] } },
    });
    expect([containers, spec.securityContext, spec.volumes, problems]).toEqual([[], {}, [{ emptyDir: {} }], []]);
  });

  test('a null request is a request of nothing', () => {
    expect(
      specOf({ containers: [{ ...container, resources: { requests: { memory: null } } }] }).containers[0]?.resources,
    ).toEqual({
      requests: { memory: '0' },
    });
  });

  test('values that the API server would reject are reported with their place, and omitted', () => {
    const { spec, problems } = subjectOf({
      pod: {
        metadata: { labels: { a: 1 } },
        spec: {
          hostNetwork: 'true',
          terminationGracePeriodSeconds: 1.5,
          containers: [{ name: true, resources: { requests: { cpu: '1K' } } }, 'app'],
          volumes: {},
          nodeSelector: [],
        },
      },
    });
    expect(problems).toEqual([
      { path: '/metadata/labels/a', message: 'is a number; it must be a string' },
      { path: '/spec/hostNetwork', message: 'is a string; it must be a boolean' },
      { path: '/spec/terminationGracePeriodSeconds', message: 'is a number; it must be an integer' },
      { path: '/spec/containers/0/name', message: 'is a boolean; it must be a string' },
      {
        path: '/spec/containers/0/resources/requests/cpu',
        message: 'is a string; it must be a quantity such as 100m or 128Mi',
      },
      { path: '/spec/containers/1', message: 'is a string; it must be an object' },
      { path: '/spec/volumes', message: 'is an object; it must be a list' },
      { path: '/spec/nodeSelector', message: 'is a list; it must be an object' },
    ]);
    expect([spec.hostNetwork, spec.terminationGracePeriodSeconds, spec.containers.length]).toEqual([undefined, 30, 2]);
  });

  test('a key called __proto__ is a key', () => {
    const labels: unknown = JSON.parse('{"__proto__":"x","constructor":"y"}');
    const subject = subjectOf({ pod: { metadata: { labels } } });
    expect([JSON.stringify(subject.metadata.labels), subject.problems]).toEqual([
      '{"__proto__":"x","constructor":"y"}',
      [],
    ]);
  });
});

describe('the view', () => {
  test('containers by role, with what they inherit', () => {
    const subject = subjectOf({
      pod: {
        spec: {
          securityContext: { runAsUser: 1000, runAsNonRoot: true },
          initContainers: [container, { ...container, name: 'proxy', restartPolicy: 'Always' }],
          containers: [{ ...container, securityContext: { runAsUser: 0 } }],
          ephemeralContainers: [{ name: 'debug', image: 'd:1' }],
        },
      },
    });
    expect(subject.containers.map(({ role, path, effective }) => [role, path, effective.runAsUser])).toEqual([
      ['init', '/spec/initContainers/0', 1000],
      ['sidecar', '/spec/initContainers/1', 1000],
      ['main', '/spec/containers/0', 0],
      ['ephemeral', '/spec/ephemeralContainers/0', 1000],
    ]);
    expect(subject.running.map(({ role }) => role)).toEqual(['sidecar', 'main']);
  });

  test('the controller is the reference that says so', () => {
    const ownerReferences = [
      { kind: 'Node', name: 'n' },
      { kind: 'Job', name: 'report', controller: true },
    ];
    const subject = subjectOf({ pod: { metadata: { ownerReferences } } });
    expect([subject.owner?.name, subject.isServing]).toEqual(['report', false]);
  });
});

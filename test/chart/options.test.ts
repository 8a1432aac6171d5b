import { describe, expect, test } from 'vitest';
import { isThePolicy } from '../apiserver/support/webhook-configurations.ts';
import { changes } from './support/changes.ts';
import { helms, refusal, render } from './support/helm.ts';

const byDefault = render();
const changed = (values: object, helm = 'helm') => changes(byDefault, render(values, { helm }));

const pod = 'Deployment podwright/spec/template/spec';
const container = `${pod}/containers/0`;
const mutating = 'MutatingWebhookConfiguration podwright';
const validating = 'ValidatingWebhookConfiguration podwright';
const volume = { name: 'proxy', configMap: { name: 'proxy' } };
const sidecar = { name: 'proxy', image: 'registry.example/proxy:1' };
const condition = { name: 'not-ci', expression: 'request.userInfo.username != "ci"' };

describe.each(helms)('%s: a value changes this and nothing else', (helm) => {
  test.each<[object, Readonly<Record<string, unknown>>]>([
    [{ extraVolumes: [volume] }, { [`${pod}/volumes/+`]: [volume] }],
    [
      { extraVolumeMounts: [{ name: 'proxy', mountPath: '/proxy' }] },
      { [`${container}/volumeMounts/+`]: [{ name: 'proxy', mountPath: '/proxy' }] },
    ],
    [{ extraContainers: [sidecar] }, { [`${pod}/containers/+`]: [sidecar] }],
    [{ initContainers: [sidecar] }, { [`${pod}/initContainers`]: [sidecar] }],
    [{ extraEnv: [{ name: 'A', value: 'b' }] }, { [`${container}/env/+`]: [{ name: 'A', value: 'b' }] }],
    [
      { envFrom: [{ configMapRef: { name: 'proxy' } }] },
      { [`${container}/envFrom`]: [{ configMapRef: { name: 'proxy' } }] },
    ],
    [{ dnsPolicy: 'Default' }, { [`${pod}/dnsPolicy`]: 'Default' }],
    [{ hostNetwork: true }, { [`${pod}/hostNetwork`]: true, [`${pod}/dnsPolicy`]: 'ClusterFirstWithHostNet' }],
    [
      { hostNetwork: true, dnsPolicy: 'Default' },
      { [`${pod}/hostNetwork`]: true, [`${pod}/dnsPolicy`]: 'Default' },
    ],
    [
      { dnsConfig: { options: [{ name: 'ndots', value: '2' }] } },
      { [`${pod}/dnsConfig`]: { options: [{ name: 'ndots', value: '2' }] } },
    ],
    [
      { hostAliases: [{ ip: '10.0.0.1', hostnames: ['api.example'] }] },
      { [`${pod}/hostAliases`]: [{ ip: '10.0.0.1', hostnames: ['api.example'] }] },
    ],
    [{ runtimeClassName: 'gvisor' }, { [`${pod}/runtimeClassName`]: 'gvisor' }],
    [
      { probes: { startup: { failureThreshold: 300 }, readiness: { timeoutSeconds: 5 } } },
      { [`${container}/startupProbe/failureThreshold`]: 300, [`${container}/readinessProbe/timeoutSeconds`]: 5 },
    ],
    [
      { strategy: { type: 'Recreate', rollingUpdate: null } },
      {
        'Deployment podwright/spec/strategy/type': 'Recreate',
        'Deployment podwright/spec/strategy/rollingUpdate': undefined,
      },
    ],
    [{ deploymentAnnotations: { a: 'b' } }, { 'Deployment podwright/metadata/annotations': { a: 'b' } }],
    [
      { securityContext: { readOnlyRootFilesystem: false } },
      {
        [`${container}/securityContext/readOnlyRootFilesystem`]: false,
        'Pod podwright-test/spec/containers/0/securityContext/readOnlyRootFilesystem': false,
        'Pod podwright-test/spec/containers/1/securityContext/readOnlyRootFilesystem': false,
      },
    ],
    [
      { podSecurityContext: { runAsUser: 1000, runAsGroup: null, supplementalGroups: [1] } },
      Object.fromEntries(
        [pod, 'Pod podwright-test/spec'].flatMap((place) => [
          [`${place}/securityContext/runAsUser`, 1000],
          [`${place}/securityContext/runAsGroup`, undefined],
          [`${place}/securityContext/supplementalGroups`, [1]],
        ]),
      ),
    ],
    [
      { webhooks: { labels: { a: 'b' } } },
      { [`${mutating}/metadata/labels/a`]: 'b', [`${validating}/metadata/labels/a`]: 'b' },
    ],
    [
      { webhooks: { matchConditions: [condition] } },
      {
        [`${mutating}/webhooks/0/matchConditions/+`]: [condition],
        [`${validating}/webhooks/0/matchConditions/+`]: [condition],
        [`${validating}/webhooks/1/matchConditions/+`]: [condition],
      },
    ],
    [
      { service: { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6', 'IPv4'] } },
      {
        'Service podwright/spec/ipFamilyPolicy': 'PreferDualStack',
        'Service podwright/spec/ipFamilies': ['IPv6', 'IPv4'],
      },
    ],
    [
      { tls: { minVersion: '1.3', ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'] } },
      {
        [`${container}/args/+`]: [
          '--tls-min-version=1.3',
          '--tls-ciphers=TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384',
        ],
      },
    ],
    [
      { serviceAccount: { name: 'mine' } },
      {
        'ServiceAccount podwright': undefined,
        'ServiceAccount mine': expect.objectContaining({ automountServiceAccountToken: false }),
        'ClusterRoleBinding podwright/subjects/0/name': 'mine',
        'RoleBinding podwright/subjects/0/name': 'mine',
        [`${pod}/serviceAccountName`]: 'mine',
      },
    ],
    [
      { serviceAccount: { create: false, name: 'mine' } },
      {
        'ServiceAccount podwright': undefined,
        'ClusterRoleBinding podwright/subjects/0/name': 'mine',
        'RoleBinding podwright/subjects/0/name': 'mine',
        [`${pod}/serviceAccountName`]: 'mine',
      },
    ],
    [
      { rbac: { create: false } },
      {
        'ClusterRole podwright': undefined,
        'ClusterRole podwright-view': undefined,
        'ClusterRoleBinding podwright': undefined,
        'Role podwright': undefined,
        'RoleBinding podwright': undefined,
        ...Object.fromEntries(
          ['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => [
            `${kind} podwright-test`,
            undefined,
          ]),
        ),
        'Pod podwright-test/spec/serviceAccountName': 'podwright',
      },
    ],
    [{ webhooks: { pods: { failurePolicy: 'Ignore' } } }, { 'Pod podwright-test/spec/containers/1/args/4': undefined }],
    [{ rbac: { aggregateToView: false } }, { 'ClusterRole podwright-view': undefined }],
    [{ policy: { extends: 'recommended', existingConfigMap: 'mine' } }, policyFrom('mine')],
    [
      { extraObjects: [{ kind: 'A', metadata: { name: '{{ .Release.Name }}' } }, 'kind: B\nmetadata: {name: b}'] },
      { 'A podwright': { kind: 'A', metadata: { name: 'podwright' } }, 'B b': { kind: 'B', metadata: { name: 'b' } } },
    ],
    [
      { global: { imagePullSecrets: ['one', { name: 'two' }], other: 1 }, image: { pullSecrets: [{ name: 'zero' }] } },
      Object.fromEntries(
        [pod, 'Pod podwright-test/spec'].map((place) => [
          `${place}/imagePullSecrets`,
          [{ name: 'zero' }, { name: 'one' }, { name: 'two' }],
        ]),
      ),
    ],
  ])('%j', (values, expected) => {
    expect(changed(values, helm)).toEqual(expected);
  });
});

/** All that refers to the ConfigMap of the policy. */
function policyFrom(name: string): Readonly<Record<string, unknown>> {
  const [policy, lastValid] = ['podwright-policy', 'podwright-policy-last-valid'];
  const sources = `${pod}/volumes/0/projected/sources`;
  return {
    [`ConfigMap ${policy}`]: undefined,
    [`ConfigMap ${lastValid}`]: undefined,
    [`ConfigMap ${name}-last-valid`]: expect.objectContaining({
      metadata: expect.objectContaining({ name: `${name}-last-valid` }),
    }),
    [`${container}/args/4`]: `--policy-config-map=${name}`,
    [`${sources}/0/configMap/name`]: name,
    [`${sources}/1/configMap/name`]: `${name}-last-valid`,
    'Role podwright/rules/1/resourceNames/0': name,
    'Role podwright/rules/2/resourceNames/0': `${name}-last-valid`,
    'ValidatingWebhookConfiguration podwright/webhooks/2/matchConditions/0/expression': isThePolicy(name),
    'Pod podwright-test/spec/containers/0/env/5/value': '',
  };
}

test.each([
  ['ghcr.io/podwright/podwright', 'mirror.example:5000/podwright/podwright:0.1.0'],
  ['localhost/podwright', 'mirror.example:5000/podwright:0.1.0'],
  ['team/podwright', 'mirror.example:5000/team/podwright:0.1.0'],
])('of %s a global registry makes %s', (repository, image) => {
  expect(changed({ image: { repository }, global: { imageRegistry: 'mirror.example:5000/' } })).toEqual({
    [`${container}/image`]: image,
    'Pod podwright-test/spec/containers/0/image': image,
    'Pod podwright-test/spec/containers/1/image': image,
  });
});

test('names and namespace can be others', () => {
  const objects = render({ nameOverride: 'guard', namespaceOverride: 'guards' });
  const places = objects.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace]);
  expect(new Set(places.map(([, , namespace]) => namespace))).toEqual(new Set(['guards', undefined]));
  expect(places.flatMap(([kind, name]) => (kind === 'Service' || kind === 'Deployment' ? [name] : []))).toEqual([
    'podwright-guard',
    'podwright-guard',
  ]);
  const text = JSON.stringify(objects);
  expect(text).toContain('podwright-guard.guards.svc');
  expect(text).not.toContain('podwright-system');
});

describe('OpenShift', () => {
  const openShift = (values: object) => {
    const objects = render(values, { apiVersions: ['security.openshift.io/v1'] });
    return changes(byDefault, objects);
  };
  const withoutIds = Object.fromEntries(
    [pod, 'Pod podwright-test/spec'].flatMap((place) =>
      ['runAsUser', 'runAsGroup', 'fsGroup'].map((field) => [`${place}/securityContext/${field}`, undefined]),
    ),
  );

  test('chooses user and groups itself', () => {
    expect(openShift({})).toEqual(withoutIds);
    expect(openShift(adaptTo('auto'))).toEqual(withoutIds);
    expect(changed(adaptTo('force'))).toEqual(withoutIds);
  });

  test('keeps those of the chart or of the values on request', () => {
    expect(openShift(adaptTo('disabled'))).toEqual({});
    const podSecurityContext = { runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 };
    expect(openShift({ podSecurityContext })).toEqual({});
  });
});

test.each([
  [{ serviceAccount: { create: false } }, 'serviceAccount.create is false, so serviceAccount.name must name'],
  [{ tls: { ciphers: ['RC4-MD5'] } }, "at '/tls/ciphers/0': value must be one of"],
  [{ tls: { minVersion: '1.1' } }, "at '/tls/minVersion': value must be one of '1.2', '1.3'"],
  [adaptTo('yes'), "at '/global/compatibility/openshift/adaptSecurityContext': value must be one of"],
  [{ dnsPolicy: 'none' }, "at '/dnsPolicy': value must be one of"],
  [{ service: { ipFamilies: ['ipv4'] } }, "at '/service/ipFamilies/0': value must be one of 'IPv4', 'IPv6'"],
  [{ probes: { startupProbe: {} } }, "at '/probes': additional properties 'startupProbe' not allowed"],
  [{ webhooks: { matchConditions: [{ name: 'a' }] } }, "missing property 'expression'"],
  [
    { policy: { createOnce: true, existingConfigMap: 'mine' } },
    'policy.createOnce and policy.existingConfigMap exclude',
  ],
])('%j is rejected', (values, message) => {
  expect(refusal(values)).toContain(message);
});

function adaptTo(adaptSecurityContext: string) {
  return { global: { compatibility: { openshift: { adaptSecurityContext } } } };
}

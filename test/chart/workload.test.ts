import type { V1Deployment, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { only, refusal, render, renderText } from './support/helm.ts';

const podOf = (values: object = {}, kubeVersion = '1.36.0'): V1PodSpec =>
  only<V1Deployment>(render(values, { kubeVersion }), 'Deployment').spec?.template.spec ?? { containers: [] };

const containerOf = (values: object = {}, kubeVersion?: string) => podOf(values, kubeVersion).containers[0];

test('a rolling upgrade and a drain never leave fewer Pods than there are replicas', () => {
  const objects = render({ replicas: 3 });
  const { spec } = only<V1Deployment>(objects, 'Deployment');
  expect([spec?.replicas, spec?.strategy?.rollingUpdate]).toEqual([3, { maxUnavailable: 0, maxSurge: 1 }]);
  expect(only(objects, 'PodDisruptionBudget')).toMatchObject({
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: spec?.selector,
    },
  });
});

test('a Pod has time for its sleep, its drain and its last answers', () => {
  const { terminationGracePeriodSeconds, containers } = podOf({ preStopSeconds: 7, shutdownDelaySeconds: 30 });
  expect(terminationGracePeriodSeconds).toBe(57);
  expect(containers[0]?.lifecycle).toEqual({ preStop: { sleep: { seconds: 7 } } });
  expect(containers[0]?.args).toContain('--shutdown-delay=30');
});

test('Kubernetes 1.29 gets no hook that it does not know', () => {
  expect(containerOf({}, '1.29.0')?.lifecycle).toBeUndefined();
});

test('the arguments of the program', () => {
  expect(containerOf({ extraArgs: ['--host=0.0.0.0'], logLevel: 'debug', ports: { webhook: 10_250 } })?.args).toEqual([
    'serve',
    '--in-cluster',
    '--policy=/etc/podwright/policy.yaml',
    '--policy-fallback=/etc/podwright/last-valid.yaml',
    '--policy-config-map=podwright-policy',
    '--deployment=podwright',
    '--status-config-map=podwright-status',
    '--port=10250',
    '--monitoring-port=9090',
    '--log-level=debug',
    '--shutdown-delay=10',
    '--lease=podwright',
    '--scan-interval=3600',
    '--certificate-secret=podwright-certificate',
    '--service=podwright',
    '--webhook-configuration=podwright',
    '--host=0.0.0.0',
  ]);
});

test.each([
  [{ scan: { intervalSeconds: 600 } }, ['--scan-interval=600']],
  [{ scan: { enabled: false } }, ['--scan-interval=0']],
  [{ scan: { page: true } }, ['--scan-interval=3600', '--scan-page']],
  [{ events: { enabled: true } }, ['--scan-interval=3600', '--events']],
  [{ monitoring: { namespaces: 200 } }, ['--scan-interval=3600', '--metric-namespaces=200']],
  [{ reports: { enabled: true } }, ['--scan-interval=3600', '--reports=openreports', '--max-reports=10000']],
  [
    { reports: { enabled: true, max: 1_000_000 } },
    ['--scan-interval=3600', '--reports=openreports', '--max-reports=1000000'],
  ],
  [
    { reports: { enabled: true, kind: 'wgpolicyk8s', passes: true } },
    ['--scan-interval=3600', '--reports=wgpolicyk8s', '--report-passes', '--max-reports=10000'],
  ],
  [{ certificates: { mode: 'cert-manager' } }, ['--lease=podwright', '--scan-interval=3600']],
])('under %j the arguments include %j', (values, expected) => {
  const all = containerOf(values)?.args ?? [];
  const asked = /^--(scan-interval|reports|report-passes|max-reports)/;
  expect(all).toEqual(expect.arrayContaining(expected));
  expect(all.filter((flag) => asked.test(flag))).toEqual(expected.filter((flag) => asked.test(flag)));
});

test('a Pod starts with whatever policy there is, the last valid one included', () => {
  const optional = (name: string, key: string) => ({
    configMap: { name, optional: true, items: [{ key, path: key }] },
  });
  expect(podOf({ fullnameOverride: 'mine' }).volumes?.find(({ name }) => name === 'policy')?.projected).toEqual({
    sources: [optional('mine-policy', 'policy.yaml'), optional('mine-policy-last-valid', 'last-valid.yaml')],
  });
});

test.each(['policy-last-valid', 'status', 'status-counts'])('Helm leaves what the program writes into %s', (name) => {
  const kept = only(render({ fullnameOverride: 'mine' }), 'ConfigMap', `mine-${name}`);
  expect(Object.keys(kept)).toEqual(['apiVersion', 'kind', 'metadata']);
});

test('a container that fails says why in its status', () => {
  const containers = [...podOf().containers, ...(only<V1Pod>(render(), 'Pod').spec?.containers ?? [])];
  expect(containers.map(({ terminationMessagePolicy }) => terminationMessagePolicy)).toEqual([
    'FallbackToLogsOnError',
    'FallbackToLogsOnError',
    'FallbackToLogsOnError',
  ]);
});

test('callers need a certificate of the authorities in a ConfigMap', () => {
  const values = { clientCertificates: { configMap: 'kube-root-ca.crt', names: ['system:apiserver', 'api 2'] } };
  const { args = [], volumeMounts } = containerOf(values) ?? {};
  expect(args.slice(-3)).toEqual([
    '--client-ca=/etc/podwright-clients/ca.crt',
    '--client-name=system:apiserver',
    '--client-name=api 2',
  ]);
  const mount = volumeMounts?.find(({ mountPath }) => mountPath === '/etc/podwright-clients');
  const volume = podOf(values).volumes?.find(({ name }) => name === mount?.name);
  expect(volume?.configMap).toEqual({ name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] });
  expect(renderText()).not.toContain('podwright-clients');
});

test('names of callers without an authority are refused', () => {
  expect(refusal({ clientCertificates: { names: ['api'] } })).toContain(
    'clientCertificates.names needs clientCertificates.configMap: the authorities that sign for these names',
  );
});

test('an unresponsive Pod is removed from the Service long before it is killed', () => {
  const { startupProbe, readinessProbe: ready, livenessProbe: live } = containerOf() ?? {};
  const seconds = (probe: typeof ready) => (probe?.periodSeconds ?? 0) * (probe?.failureThreshold ?? 0);
  expect([ready, live, startupProbe].map((probe) => probe?.httpGet?.path)).toEqual(['/readyz', '/livez', '/livez']);
  expect([seconds(ready), seconds(live)]).toEqual([6, 60]);
});

test('reports without a scan are refused', () => {
  expect(refusal({ scan: { enabled: false }, reports: { enabled: true } })).toContain(
    'reports.enabled needs scan.enabled: the scan is what writes reports',
  );
});

test.each([
  [{}, 'ghcr.io/podwright/podwright:0.1.0'],
  [{ repository: 'mirror.example/podwright', tag: '2' }, 'mirror.example/podwright:2'],
  [{ digest: `sha256:${'0'.repeat(64)}` }, `ghcr.io/podwright/podwright:0.1.0@sha256:${'0'.repeat(64)}`],
])('image %j is %s', (image, expected) => {
  const objects = render({ image });
  const images = [only<V1Deployment>(objects, 'Deployment').spec?.template.spec, only<V1Pod>(objects, 'Pod').spec];
  expect(images.map((spec) => spec?.containers[0]?.image)).toEqual([expected, expected]);
});

test('labels and annotations of the values reach every object, and never replace those that select', () => {
  const labels = { team: 'platform', 'app.kubernetes.io/name': 'other' };
  const objects = render({ labels, annotations: { contact: 'nobody' } });
  for (const { kind, metadata } of objects) {
    const name = kind === 'Pod' ? 'podwright-test' : 'podwright';
    expect.soft(metadata.labels, kind).toMatchObject({ team: 'platform', 'app.kubernetes.io/name': name });
    if (kind !== 'Pod') expect.soft(metadata.annotations, kind).toMatchObject({ contact: 'nobody' });
  }
});

test('Pods spread over nodes and zones, those of each revision by themselves', () => {
  const matchLabels = { 'app.kubernetes.io/instance': 'podwright', 'app.kubernetes.io/name': 'podwright' };
  const ours = { maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels } };
  expect(podOf().topologySpreadConstraints).toEqual(
    ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
      ...ours,
      topologyKey,
      matchLabelKeys: ['pod-template-hash'],
    })),
  );
  expect(podOf({ topologySpreadConstraints: [] }).topologySpreadConstraints).toBeUndefined();
});

test.each([
  [{}, 1],
  [{ priorityClassName: 'mine' }, 0],
  [{ resourceQuota: { enabled: false } }, 0],
])('with %j there are %i quotas for critical Pods', (values, count) => {
  expect(render(values).filter(({ kind }) => kind === 'ResourceQuota')).toHaveLength(count);
});

test('requests are there, a limit for memory, none for the processor', () => {
  expect(containerOf()?.resources).toEqual({
    requests: { cpu: '100m', memory: '160Mi' },
    limits: { memory: '512Mi' },
  });
});

test('only required traffic is allowed', () => {
  const monitoringFrom = [{ namespaceSelector: { matchLabels: { team: 'monitoring' } } }];
  const networkPolicy = { apiServerCidrs: ['10.0.0.1/32'], apiServerPorts: [6443], monitoringFrom };
  expect(only(render({ networkPolicy }), 'NetworkPolicy')).toMatchObject({
    spec: {
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { ports: [{ port: 8443, protocol: 'TCP' }] },
        { ports: [{ port: 9090, protocol: 'TCP' }], from: monitoringFrom },
      ],
      egress: [
        { ports: [{ port: 6443, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '10.0.0.1/32' } }] },
        {
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
      ],
    },
  });
  expect(renderText({ networkPolicy: { enabled: false } })).not.toContain('NetworkPolicy');
});

describe('the test Pod', () => {
  const expectedBy = (values: object): string | undefined => {
    const { spec } = only<V1Pod>(render(values), 'Pod');
    return spec?.containers[0]?.env?.find(({ name }) => name === 'EXPECTED')?.value;
  };

  test.each([
    [{ mode: false }, 'allow'],
    [{}, 'audit_deny'],
    [{ mode: 'warn' }, 'audit_deny'],
    [{ mode: 'enforce' }, 'deny'],
    [{ mode: 'enforce', policy: { extends: 'none' } }, ''],
    [{ policy: { namespaces: [{ match: { names: ['shop'] }, mode: 'enforce' }] } }, ''],
    [{ mode: 'enforce', policy: { rules: { 'no-privileged-containers': { mode: 'audit' } } } }, ''],
  ])('under %j expects %s', (values, verdict) => {
    expect(expectedBy(values)).toBe(verdict);
  });

  test('finds the Service by its variable', () => {
    const { spec } = only<V1Pod>(render({ fullnameOverride: 'my-podwright' }), 'Pod');
    expect(spec?.containers[0]?.env?.slice(0, 3)).toEqual([
      { name: 'HOST', value: '$(MY_PODWRIGHT_SERVICE_HOST)' },
      { name: 'PORT', value: '443' },
      { name: 'SERVER_NAME', value: 'my-podwright.podwright-system.svc' },
    ]);
  });
});

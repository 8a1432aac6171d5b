import { expect, test } from 'vitest';
import { knownFactsOf, knownImages } from '../../src/subject/known-images.ts';

const bindsLowPorts = { capabilities: ['NET_BIND_SERVICE'] };

test.each([
  'caddy',
  'caddy:2.8-alpine',
  'docker.io/library/caddy@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'mirror.example/library/caddy:2',
  'mirror.example/hub/docker.io/library/caddy:2',
  'registry.k8s.io/kube-apiserver:v1.36.0',
  'Registry.K8s.io:443/kube-apiserver:v1.36.0',
  'adguard/adguardhome:v0.107.0',
  'private-registry.nginx.com/nginx-ic/nginx-plus-ingress:3',
])('%s starts with its file capabilities alone', (reference) => {
  expect(knownFactsOf(reference)).toEqual(bindsLowPorts);
});

test.each([
  'registry.example/caddy:2',
  'registry.example/team/library/caddy-extra:2',
  'caddy-extra',
  'registry.example/kube-apiserver:v1',
  'powerdns/dnsdist-19:1.9.6',
  'coredns/coredns-exporter',
  'mirror.example/grafana/loki/tools',
  'mycimg/node',
  'registry.example/selenium/tests',
  'CADDY',
  '',
])('nothing is known of %j', (reference) => {
  expect(knownFactsOf(reference)).toEqual({});
});

test('a star at the end stands for the rest', () => {
  expect(knownFactsOf('cimg/node:22.1')).toEqual({ setuid: ['sudo'] });
  expect(knownFactsOf('mirror.example/docker.io/selenium/standalone-chrome:4')).toEqual({ setuid: ['sudo'] });
});

test('the user of an image is not that of its variants', () => {
  expect(knownFactsOf('quay.io/prometheus/prometheus:v3.9.1')).toEqual({ user: 'nobody' });
  expect(knownFactsOf('quay.io/prometheus/prometheus:v3.9.1-distroless')).toEqual({});
  expect(knownFactsOf('mirror.example/grafana/loki:3.6.0')).toEqual({ user: 10001, setuid: [], capabilities: [] });
});

test.each([
  ['powerdns/pdns-auth-49:4.9.1', { setuid: ['pdns_server'], ...bindsLowPorts }],
  ['cr.smallstep.com/smallstep/step-ca:0.28.1', { setuid: ['step-ca'], ...bindsLowPorts }],
  ['hashicorp/vault:1.21', { user: 0 }],
  ['hashicorp/vault:1.21-ubi', {}],
  ['gitea/gitea:1.25', { user: 0 }],
  ['gitea/gitea:1.25-rootless', {}],
  ['ghcr.io/zalando/postgres-operator:v2.0.1', { user: 1000 }],
  ['ghcr.io/zalando/postgres-operator/logical-backup:v2.0.1', { user: 0 }],
  ['quay.io/argoproj/argoexec:v4.0.0', { user: 0, setuid: [], capabilities: [] }],
  ['registry.k8s.io/autoscaling/vpa-updater:1.6.0', { setuid: [], capabilities: [] }],
  ['harbor.example/goharbor/harbor-core:v2.14', { user: 'harbor' }],
])('the facts of %s', (reference, facts) => {
  expect(knownFactsOf(reference)).toEqual(facts);
});

test('no image is in the table twice, and each line has a source', () => {
  const names = knownImages.flatMap(({ images }) => images);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(knownImages.filter(({ source }) => !/^[\w.-]+\/[\w.-]+ \S/.test(source))).toEqual([]);
});

const names = knownImages.flatMap(({ images }) => images);

test.each(knownImages)('$images: facts in the right form, with a source', ({ images, facts, source }) => {
  for (const name of images) expect(name).toMatch(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9._/-]*[a-z0-9*]$/);
  expect(source).toMatch(/^[\w.-]+\/[\w.-]+ [\w.*/-]+/);
  expect(Object.keys(facts)).not.toHaveLength(0);
  const { user = 0, setuid = [], capabilities = [] } = facts;
  expect(String(user)).toMatch(/^(?:\d+|[a-z][\w-]*)$/);
  for (const program of setuid) expect(program).toMatch(/^[a-z]+(?:[-_][a-z]+)*$/);
  for (const capability of capabilities) expect(capability).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
});

test('no image is in two lines', () => {
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

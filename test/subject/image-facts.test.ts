import { expect, test } from 'vitest';
import { knownFactsOf } from '../../src/subject/image-facts.ts';

const bindsLowPorts = { capabilities: ['NET_BIND_SERVICE'] };

test.each([
  'caddy',
  'caddy:2.8-alpine',
  'docker.io/library/caddy@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'mirror.example/library/caddy:2',
  'mirror.example/hub/docker.io/library/caddy:2',
  'registry.k8s.io/kube-apiserver:v1.36.0',
  'powerdns/pdns-auth-49:4.9.1',
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

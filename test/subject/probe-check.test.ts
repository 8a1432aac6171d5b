import { expect, test } from 'vitest';
import type { Probe } from '../../src/subject/pod-types.ts';
import { isSameCheck, patienceOf } from '../../src/subject/probe-check.ts';

const container = {
  name: 'app',
  ports: [
    { name: 'http', containerPort: 8080 },
    { name: 'admin', containerPort: 9090 },
  ],
};

test.each<[a: Probe, b: Probe, same: boolean]>([
  [{ httpGet: { path: '/', port: 'http' } }, { httpGet: { path: '/', port: 8080 } }, true],
  [{ httpGet: { path: '/', port: 'http' }, periodSeconds: 5 }, { httpGet: { path: '/', port: 'http' } }, true],
  [{ httpGet: { path: '/', port: 'http' } }, { httpGet: { path: '/', port: 'admin' } }, false],
  [{ httpGet: { path: '/', port: 'web' } }, { httpGet: { path: '/', port: 'ui' } }, false],
  [{ httpGet: { path: '/', port: 80 } }, { httpGet: { path: '/ready', port: 80 } }, false],
  [{ httpGet: { port: 80, scheme: 'HTTP' } }, { httpGet: { port: 80, scheme: 'HTTPS' } }, false],
  [{ httpGet: { port: 80 } }, { httpGet: { port: 80, httpHeaders: [{ name: 'X', value: 'ready' }] } }, false],
  [{ httpGet: { port: 80, host: '' } }, { httpGet: { port: 80 } }, true],
  [{ tcpSocket: { port: 80 } }, { tcpSocket: { port: 80 } }, true],
  [{ tcpSocket: { port: 80 } }, { httpGet: { port: 80 } }, false],
  [{ exec: { command: ['a', 'b'] } }, { exec: { command: ['a', 'b'] } }, true],
  [{ exec: { command: ['a', 'b'] } }, { exec: { command: ['a b'] } }, false],
  [{ grpc: { port: 80 } }, { grpc: { port: 80, service: '' } }, true],
  [{ grpc: { port: 80, service: 'liveness' } }, { grpc: { port: 80, service: 'readiness' } }, false],
  [{}, {}, false],
])('%j and %j: %s', (a, b, same) => {
  expect(isSameCheck(container, a, b)).toBe(same);
});

test('patience is threshold times period', () => {
  expect(patienceOf({ failureThreshold: 2, periodSeconds: 5 })).toBe(10);
  expect(patienceOf({})).toBe(30);
});

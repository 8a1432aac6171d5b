import { expect, test } from 'vitest';
import { resolvedPort } from '../../src/subject/container-ports.ts';

const container = { name: 'app', ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9090 }] };

test.each<[port: unknown, number: number | undefined]>([
  [80, 80],
  ['http', 8080],
  ['8081', 8081],
  ['web', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is %j', (port, number) => {
  expect(resolvedPort(container, port)).toBe(number);
});

test('a container without ports', () => {
  expect(resolvedPort({ name: 'app' }, 'http')).toBeUndefined();
});

import { expect, test } from 'vitest';
import { versionInName } from '../../src/subject/name-version.ts';

test.each<[name: string, image: string, version: string | undefined]>([
  ['acme-api-v2-3-1', 'ghcr.io/acme/api:v2.3.1', 'v2-3-1'],
  ['acme-api-v2-3-1', 'ghcr.io/acme/api:v2.4.0', 'v2-3-1'],
  ['api-v2-3', 'api', 'v2-3'],
  ['nginx-1-27', 'nginx:1.27.3-alpine', '1-27'],
  ['nginx-1-27-3', 'nginx:1.27.3', '1-27'],
  ['app-3f2a9c1', 'app:3f2a9c1', '3f2a9c1'],
  ['postgres-16', 'postgres:16', '16'],
  ['postgres16', 'postgres:16', '16'],
  ['nginx', 'nginx:1.27', undefined],
  ['api-v1', 'api:2', undefined],
  ['worker-2', 'acme/api:2', undefined],
  ['shard-0-1', 'db:16.2', undefined],
  ['app-11-27', 'app:1.2', undefined],
  ['main', 'app:main', undefined],
  ['stable', 'app:stable', undefined],
  ['api', 'not:a:reference', undefined],
  ['', '', undefined],
])('%s of %s: %s', (name, image, version) => {
  expect(versionInName(name, image)).toBe(version);
});

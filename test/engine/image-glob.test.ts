import { expect, test } from 'vitest';
import { coversImages, matchesImage } from '../../src/engine/image-glob.ts';
import { type ImageReference, parseImage } from '../../src/subject/image.ts';

const digest = `sha256:${'0'.repeat(64)}`;

test.each<[pattern: string, reference: string, matches: boolean]>([
  ['docker.io/library/nginx', 'nginx:1', true],
  ['nginx', 'nginx', false],
  ['docker.io/library/*', 'nginx', true],
  ['docker.io/library/*', 'acme/nginx', false],
  ['reg:5000/*', 'reg:5000/nginx', true],
  ['reg:5000/*', 'reg:5000/a/b:1', true],
  // spellings of one registry, on either side
  ['k8s.gcr.io/*', 'K8S.GCR.IO/pause', true],
  ['K8S.GCR.IO/*', 'k8s.gcr.io/pause', true],
  ['k8s.gcr.io/*', 'k8s.gcr.io:443/pause', true],
  ['k8s.gcr.io/*', 'k8s.gcr.io:0443/pause', true],
  ['k8s.gcr.io:443/*', 'k8s.gcr.io/pause', true],
  ['*.gcr.io:443/*', 'k8s.gcr.io/pause', true],
  ['*:443/*', 'reg:5000/pause', false],
  ['reg:5000/*', 'REG:05000/pause', true],
  ['k8s.gcr.io/*', 'k8s.gcr.io:8443/pause', false],
  ['docker.io/library/*', 'registry-1.docker.io/library/nginx', true],
  ['registry-1.docker.io/library/*', 'nginx', true],
  ['registry.hub.docker.com/library/*', 'index.docker.io/nginx', true],
  ['REG*', 'REG/pause', true],
  ['*:V1', 'nginx:V1', true],
  ['*:V1', 'nginx:v1', false],
  ['*distroless*', 'gcr.io/distroless/static', true],
  ['*distroless*', 'acme/app:distroless', false],
  ['*:*distroless*', 'acme/app:1-distroless', true],
  ['*:latest', 'nginx', true],
  ['*:latest', `nginx@${digest}`, false],
  ['*:1', `nginx:1@${digest}`, true],
  [`*@${digest}`, `nginx:1@${digest}`, true],
  ['*@sha256:*', 'nginx:1', false],
])('%s and %s: %s', (pattern, reference, matches) => {
  expect(matchesImage(pattern, parseImage(reference) as ImageReference)).toBe(matches);
});

test.each<[pattern: string, other: string, covers: boolean]>([
  ['docker.io/acme/web', 'docker.io/acme/web', true],
  ['docker.io/acme/web', 'docker.io/acme/web:1', true],
  ['docker.io/acme/*', 'docker.io/acme/web:1', true],
  ['docker.io/acme/*', 'docker.io/acme/w*', true],
  ['docker.io/acme/*', `docker.io/acme/web@${digest}`, true],
  ['docker.io/acme/w*', 'docker.io/acme/*', false],
  ['index.docker.io/acme/*', 'Docker.IO/acme/web', true],
  ['docker.io/acme/web:1', 'docker.io/acme/web', false],
  ['docker.io/acme/web:*', 'docker.io/acme/web:1', true],
  ['*:*', 'reg:5000/acme/web', false],
  ['docker.io/*:*', `docker.io/acme/web@${digest}`, false],
])('%s covers %s: %s', (pattern, other, covers) => {
  expect(coversImages(pattern, other)).toBe(covers);
});

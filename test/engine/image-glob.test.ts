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
  ['docker.io/acme/web:1', 'docker.io/acme/web', false],
  ['docker.io/acme/web:*', 'docker.io/acme/web:1', true],
  ['*:*', 'reg:5000/acme/web', false],
  ['docker.io/*:*', `docker.io/acme/web@${digest}`, false],
])('%s covers %s: %s', (pattern, other, covers) => {
  expect(coversImages(pattern, other)).toBe(covers);
});

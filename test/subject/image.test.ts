import { describe, expect, test } from 'vitest';
import { defaultPullPolicy, type ImageReference, parseImage } from '../../src/subject/image.ts';

const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** The reference written out in full; `-` for what is absent. */
function spelled(image: ImageReference | undefined): string | undefined {
  return image && `${image.registry} ${image.repository} ${image.tag ?? '-'} ${image.digest ?? '-'}`;
}

describe('parseImage', () => {
  test.each<[reference: string, parts: string]>([
    ['nginx', 'docker.io library/nginx - -'],
    ['nginx:1', 'docker.io library/nginx 1 -'],
    ['nginx:LATEST', 'docker.io library/nginx LATEST -'],
    ['docker.io/library/nginx', 'docker.io library/nginx - -'],
    ['docker.io/nginx', 'docker.io library/nginx - -'],
    ['index.docker.io/nginx', 'docker.io library/nginx - -'],
    ['bitnami/nginx:1', 'docker.io bitnami/nginx 1 -'],
    ['reg:5000/nginx', 'reg:5000 nginx - -'],
    ['reg:5000/nginx:1', 'reg:5000 nginx 1 -'],
    ['localhost:5000', 'docker.io library/localhost 5000 -'],
    ['localhost:5000/x', 'localhost:5000 x - -'],
    ['localhost/x', 'localhost x - -'],
    ['[::1]:5000/x', '[::1]:5000 x - -'],
    ['REG.io/foo/bar', 'reg.io foo/bar - -'],
    ['REG/foo', 'reg foo - -'],
    ['reg.io:443/foo', 'reg.io foo - -'],
    ['reg.io:0443/foo', 'reg.io foo - -'],
    ['reg.io:05000/foo', 'reg.io:5000 foo - -'],
    ['[::1]/x', '[::1] x - -'],
    ['registry-1.docker.io/nginx', 'docker.io library/nginx - -'],
    ['registry.hub.docker.com/bitnami/nginx', 'docker.io bitnami/nginx - -'],
    ['Index.Docker.io:443/nginx', 'docker.io library/nginx - -'],
    [`nginx@${sha}`, `docker.io library/nginx - ${sha}`],
    [`nginx:latest@${sha}`, `docker.io library/nginx latest ${sha}`],
    [`nginx:1@${sha}`, `docker.io library/nginx 1 ${sha}`],
    ['a/b_c/d__e/f-g--h.i', 'docker.io a/b_c/d__e/f-g--h.i - -'],
    [`x:${'t'.repeat(128)}`, `docker.io library/x ${'t'.repeat(128)} -`],
  ])('%s', (reference, parts) => {
    expect(spelled(parseImage(reference))).toBe(parts);
  });

  test.each([
    '',
    'Nginx',
    'nginx:',
    'reg.io/Foo/bar',
    'nginx@sha256:abc',
    `nginx@sha256:${'0'.repeat(63)}`,
    `nginx@sha256:${'0'.repeat(65)}`,
    `nginx@sha256:${'A'.repeat(64)}`,
    `nginx@sha384:${'0'.repeat(64)}`,
    `nginx@sha512:${'0'.repeat(64)}`,
    `nginx@blake3:${'0'.repeat(64)}`,
    '$(IMG)',
    'a'.repeat(64),
    ' nginx',
    'nginx ',
    'NGINX:::/@@',
    'https://reg.io/nginx',
    'nginx:-1',
    `x:${'t'.repeat(129)}`,
    'a//b',
    'a___b',
  ])('%j is none', (reference) => {
    expect(parseImage(reference)).toBeUndefined();
  });
});

describe('defaultPullPolicy', () => {
  test.each([
    'nginx',
    'reg:5000/nginx',
    'docker.io/library/nginx',
    '[::1]:5000/x',
    'REG.io/foo/bar',
    'nginx:latest',
    `nginx:latest@${sha}`,
  ])('%s is asked for each time', (reference) => {
    expect(defaultPullPolicy(reference)).toBe('Always');
  });

  test.each([
    'nginx:1',
    'localhost:5000',
    `nginx@${sha}`,
    `nginx:1@${sha}`,
    'nginx:LATEST',
    'Nginx',
    'nginx:',
    'reg.io/Foo/bar',
    'nginx@sha256:abc',
    '$(IMG)',
    'a'.repeat(64),
  ])('%s is not', (reference) => {
    expect(defaultPullPolicy(reference)).toBe('IfNotPresent');
  });
});

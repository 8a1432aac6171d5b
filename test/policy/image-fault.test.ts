import { describe, expect, it, test } from 'vitest';
import { matchesImage } from '../../src/engine/image-glob.ts';
import { imageFault } from '../../src/policy/image-fault.ts';
import { parseImage } from '../../src/subject/image.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('a glob that can match', () => {
  it.each([
    ['docker.io/library/nginx', 'nginx'],
    ['docker.io/library/nginx:1.*', 'nginx:1.27'],
    ['docker.io/library/nginx:V1', 'nginx:V1'],
    [`quay.io/a/b@${digest}`, `quay.io/a/b:1@${digest}`],
    ['*', 'nginx'],
    ['*/nginx', 'nginx'],
    ['*nginx', 'quay.io/a/nginx'],
    ['*:latest', 'nginx'],
    ['*@sha256:*', `nginx@${digest}`],
    ['docker.io*', 'nginx'],
    ['docker.io/*', 'nginx'],
    ['docker.io/calico/*', 'calico/node:v3'],
    ['index.docker.io/calico/node', 'calico/node:v3'],
    ['registry-1.docker.io/calico/*', 'calico/node:v3'],
    ['Quay.io:443/calico/node', 'quay.io/calico/node:v3'],
    ['*.example/team/*', 'registry.example/team/app'],
    ['nginx*', 'nginx.example/app'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/*', 'localhost:5000/app:2'],
    ['registry.example:5000/app:2', 'registry.example:5000/app:2'],
    ['REGISTRY/app', 'REGISTRY/app'],
    ['REGISTRY*', 'REGISTRY/app'],
    ['[::1]:5000/app', '[::1]:5000/app'],
  ])('%s, as it does %s', (pattern, reference) => {
    const image = parseImage(reference);
    expect(image && matchesImage(pattern, image)).toBe(true);
    expect(imageFault(pattern)).toBeUndefined();
  });
});

const full = (name: string): string => `can never match: images are compared by their full name; write "${name}"`;
const lowercase = (name: string): string => `can never match: repositories are lowercase; write "${name}"`;

test.each([
  ['https://quay.io/a', 'must not begin with https://; an image has no scheme'],
  ['oci://quay.io/a', 'must not begin with oci://; an image has no scheme'],
  ['quay.io/a b', 'can never match, because no image has " " in it; only * is special'],
  ['quay.io/(a|b)', 'can never match, because no image has "(" in it; only * is special'],
  ['^quay.io/.*', 'can never match, because no image has "^" in it; only * is special'],
  ['nginx', full('docker.io/library/nginx')],
  ['nginx:1.*', full('docker.io/library/nginx:1.*')],
  [`nginx@${digest}`, full(`docker.io/library/nginx@${digest}`)],
  ['calico/*', full('docker.io/calico/*')],
  ['library/nginx', full('docker.io/library/nginx')],
  ['docker.io/nginx', full('docker.io/library/nginx')],
  ['docker.io/nginx:1', full('docker.io/library/nginx:1')],
  ['index.docker.io/nginx', full('docker.io/library/nginx')],
  ['Docker.io:443/nginx', full('docker.io/library/nginx')],
  ['quay.io', full('quay.io/*')],
  ['quay.io/', full('quay.io/*')],
  ['quay.io/Calico/*', lowercase('quay.io/calico/*')],
  ['*/Node:V1', lowercase('*/node:V1')],
  ['*Node', lowercase('*node')],
  [`quay.io/a/b:1.2@${digest}`, 'can never match: with a digest, the tag is not compared; remove ":1.2"'],
])('%s %s', (pattern, fault) => {
  expect(imageFault(pattern)).toBe(fault);
  const [, better] = /write "(.*)"$/.exec(fault) ?? [];
  if (better !== undefined) expect(imageFault(better)).toBeUndefined();
});

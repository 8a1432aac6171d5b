import { describe, expect, test } from 'vitest';
import { kubernetesObject, objectsIn } from '../../src/manifests/kubernetes-object.ts';

const namesIn = (value: unknown): string[] =>
  objectsIn(value).map(({ object, path }) => `${object.apiVersion} ${object.kind} ${object.name} ${path}`);

const pod = (name: string): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });

describe('objectsIn', () => {
  test('an object is the only one', () => {
    expect(namesIn(pod('web'))).toEqual(['v1 Pod web ']);
  });

  test('a List gives its items at any depth', () => {
    const inner = { apiVersion: 'v1', kind: 'List', items: [pod('b'), pod('c')] };
    expect(namesIn({ apiVersion: 'v1', kind: 'List', items: [pod('a'), inner, 'no object', null] })).toEqual([
      'v1 Pod a /items/0',
      'v1 Pod b /items/1/items/0',
      'v1 Pod c /items/1/items/1',
    ]);
  });

  test('items of a typed list have its kind, where they name none', () => {
    const list = { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [{ metadata: { name: 'web' } }] };
    expect(namesIn(list)).toEqual(['apps/v1 Deployment web /items/0']);
  });

  test('a kind that ends in List and has no items is an object of its own', () => {
    expect(namesIn({ apiVersion: 'example.com/v1', kind: 'AllowList', spec: {} })).toEqual([
      'example.com/v1 AllowList  ',
    ]);
  });

  test.each([[null], [7], ['Pod'], [[pod('web')]], [{ kind: 'Pod' }], [{ apiVersion: 'v1', kind: ['Pod'] }]])(
    '%j is no object of Kubernetes',
    (value) => {
      expect(objectsIn(value)).toEqual([]);
    },
  );
});

test('what an object says of itself', () => {
  const content = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { generateName: 'web-', namespace: 'shop' } };
  expect(kubernetesObject(content)).toEqual({
    apiVersion: 'apps/v1',
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web-*',
    content,
  });
});

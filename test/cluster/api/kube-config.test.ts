import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ClusterAccess, loadConfig } from '../../../src/cluster/api/kube-config.ts';
import { testFolder } from '../../server/support.ts';

const names = ['KUBECONFIG', 'HOME', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'] as const;
const before = Object.fromEntries(names.map((name) => [name, env[name]]));
let folder = '';

beforeEach(() => {
  folder = testFolder();
  for (const name of names) delete env[name];
  env['HOME'] = folder;
});

afterEach(() => {
  for (const name of names)
    if (before[name] === undefined) delete env[name];
    else env[name] = before[name];
});

/** Contexts by name with the server of the cluster that they are for. */
function write(name: string, contexts: Readonly<Record<string, string>>, current?: string): string {
  const path = join(folder, name);
  const entries = Object.entries(contexts);
  const config = {
    clusters: entries.map(([context, server]) => ({ name: `cluster-${context}`, cluster: { server } })),
    users: entries.map(([context]) => ({ name: `user-${context}`, user: { token: context } })),
    contexts: entries.map(([context]) => ({
      name: context,
      context: { cluster: `cluster-${context}`, user: `user-${context}` },
    })),
    'current-context': current,
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

function found(access: ClusterAccess): string {
  try {
    const { config, cluster } = loadConfig(access);
    return `${cluster.server} as ${config.getCurrentUser()?.name}`;
  } catch (error) {
    return (error as Error).message.replaceAll(folder, 'FOLDER');
  }
}

test('a named kubeconfig, in its current context or in one that is named', () => {
  const kubeconfig = write('config', { a: 'https://a', b: 'https://b' }, 'a');
  env['KUBECONFIG'] = write('other', { c: 'https://c' }, 'c');
  expect(found({ kubeconfig })).toBe('https://a as user-a');
  expect(found({ kubeconfig, context: 'b' })).toBe('https://b as user-b');
  expect(found({ kubeconfig, context: 'c' })).toBe('FOLDER/config has no context "c" (it has "a", "b")');
});

test('without a name it is the one of kubectl: KUBECONFIG, whose first files win, or the one in the home folder', () => {
  mkdirSync(join(folder, '.kube'));
  write('.kube/config', { home: 'https://home' }, 'home');
  expect(found({})).toBe('https://home as user-home');
  const first = write('first', { a: 'https://a' });
  const second = write('second', { a: 'https://never', b: 'https://b' }, 'b');
  const third = write('third', { c: 'https://c' }, 'c');
  env['KUBECONFIG'] = [join(folder, 'absent'), first, second, third].join(delimiter);
  expect(found({})).toBe('https://b as user-b');
  expect(found({ context: 'a' })).toBe('https://a as user-a');
  expect(found({ context: 'c' })).toBe('https://c as user-c');
});

test('without any it is the Pod', () => {
  env['KUBERNETES_SERVICE_HOST'] = 'fd00::1';
  env['KUBERNETES_SERVICE_PORT'] = '443';
  expect(found({})).toBe('https://[fd00::1]:443 as inClusterUser');
  expect(found('in-cluster')).toBe('https://[fd00::1]:443 as inClusterUser');
});

test('what is missing is named', () => {
  expect(found({})).toBe('there is no kubeconfig at FOLDER/.kube/config');
  expect(found('in-cluster')).toBe('podwright does not run in a Pod: KUBERNETES_SERVICE_HOST is not set');
  expect(found({ kubeconfig: join(folder, 'absent') })).toBe('kubeconfig FOLDER/absent does not exist');
  expect(found({ kubeconfig: folder })).toBe('kubeconfig FOLDER cannot be read (EISDIR)');
  const path = write('config', { a: 'https://a' });
  expect(found({ kubeconfig: path })).toBe('FOLDER/config has no current context; name the one to use (it has "a")');
  env['KUBECONFIG'] = [join(folder, 'x'), join(folder, 'y')].join(delimiter);
  expect(found({})).toBe('there is no kubeconfig at FOLDER/x or FOLDER/y');
});

test('what is no kubeconfig is told where it fails', () => {
  const path = join(folder, 'config');
  const texts = [
    '',
    'a: [',
    '{"clusters": [{"name": "c"}]}',
    '{"contexts": [{"name": "x", "context": {"cluster": "c"}}], "current-context": "x"}',
  ];
  const told: string[] = [];
  for (const text of texts) {
    writeFileSync(path, text);
    told.push(found({ kubeconfig: path }));
  }
  expect(told).toMatchInlineSnapshot(`
    [
      "FOLDER/config is not a kubeconfig: expected a document, but the input is empty",
      "FOLDER/config is not a kubeconfig: unexpected end of the stream within a flow collection (1:5)",
      "FOLDER/config is not a kubeconfig: clusters[0].cluster is missing",
      "FOLDER/config has no cluster "c", which context "x" is for",
    ]
  `);
});

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { RolldownOutput } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { packagesIn } from '../scripts/build/bundled-packages.ts';
import { thirdPartyNotices } from '../scripts/build/notices.ts';
import { buildProgram } from '../scripts/build/program.ts';
import { billOfMaterials } from '../scripts/build/sbom.ts';
import { version } from '../src/version.ts';

// outside of the repository, so that whatever is not in the bundle is not found
const folder = mkdtempSync(join(tmpdir(), 'podwright-bundle-'));
const program = join(folder, 'podwright.js');
let bundle: RolldownOutput;

beforeAll(async () => {
  bundle = await buildProgram(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  spawnSync(execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: folder,
    // the program decides where compiled code is kept, not the tests that run the source
    env: { ...env, NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: join(folder, 'caches'), ...environment },
  });

/** Node.js tells what it loads, unless the program loads it from its own cache. */
const traced = { NODE_DEBUG: 'module', NODE_DISABLE_COMPILE_CACHE: '1' };

const badPod = join(folder, 'pod.yaml');
writeFileSync(badPod, 'apiVersion: v1\nkind: Pod\nspec: { hostNetwork: true }\n');

test('knows its version and checks a manifest, without other packages', () => {
  expect(run(['--version']).stdout).toBe(`${version}\n`);
  const { status, stdout } = run(['audit', '-o', 'json', badPod]);
  expect([status, JSON.parse(stdout).subjects[0].findings[0].rule]).toEqual([1, 'no-host-network']);
});

test('uses a policy file without compiling its schema', () => {
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\n');
  const { stdout, stderr } = run(['audit', '--policy', policy, badPod], traced);
  expect(stdout).toBe('1 subject: none denied; no findings\n');
  expect(stderr).toContain('built-in-validator');
  expect(stderr).not.toContain('compile-validator');
});

/** Packages and folders of the source of which a run loads something. */
function loadedBy(args: readonly string[]): string[] {
  const { stderr } = run(args, traced);
  const chunks = bundle.output.filter(
    ({ type, fileName }) => type === 'chunk' && stderr.includes(`/program/${fileName}"`),
  );
  // a list of names, of which flags are chosen
  const modules = chunks
    .flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    .filter((id) => !id.endsWith('/server/tls-limits.ts'));
  const names = modules.map((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)|\/src\/(\w+)\//.exec(id)?.slice(1).join(''));
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

test('loads what a command needs, and neither server, client nor schema library for manifests', () => {
  const forManifests = loadedBy(['audit', badPod]);
  expect(forManifests).toEqual(expect.arrayContaining(['audit', 'cli', 'commander', 'engine', 'rules', 'yaml']));
  expect(forManifests.filter((name) => /^(?:server|cluster|ajv|undici|fastify|@kubernetes)/.test(name))).toEqual([]);
  expect(loadedBy(['--version']).filter((name) => ['rules', 'yaml'].includes(name))).toEqual([]);
});

test('loads no slow modules of Node.js for manifests', () => {
  const listing = "data:text/javascript,process.on('exit', () => console.error(process.moduleLoadList.join()))";
  const { stderr } = run(['audit', badPod], { NODE_OPTIONS: `--import="${listing}"` });
  const loaded = stderr.split(',').map((name) => name.trim());
  expect(loaded).toContain('NativeModule fs');
  expect(
    ['crypto', 'child_process', 'worker_threads', 'http'].filter((name) => loaded.includes(`NativeModule ${name}`)),
  ).toEqual([]);
});

test('contains no import() of modules of Node.js, which the launcher does not support', () => {
  const imported = bundle.output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.dynamicImports : []));
  expect(imported.length).toBeGreaterThan(50);
  expect(imported.filter((name) => name.startsWith('node:'))).toEqual([]);
});

test('exports values, because V8 does not inline what getters return', () => {
  const chunks = bundle.output.flatMap((chunk) => (chunk.type === 'chunk' ? [chunk] : []));
  const own = chunks.filter(({ moduleIds }) => !moduleIds.some((id) => id.includes('/node_modules/')));
  expect(own.length).toBeGreaterThan(50);
  expect(own.filter(({ code }) => code.includes(',get:function(){return ')).map(({ name }) => name)).toEqual([]);
  // a value would not follow an exported variable
  const sources = own.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.startsWith('/'));
  expect(sources.filter((id) => /^export (?:let|var) /m.test(readFileSync(id, 'utf8')))).toEqual([]);
});

test('reads globs, pipes of a shell and the changes of a repository without a word of Node.js', () => {
  expect(run(['audit', 'p*.yaml', '-o', 'github'])).toMatchObject({ status: 1, stderr: '' });
  const shell = ['-c', `"$0" "$1" audit <(cat "$2")`, execPath, program, badPod];
  const { stderr } = spawnSync('bash', shell, {
    encoding: 'utf8',
    env: { ...env, XDG_CACHE_HOME: join(folder, 'caches') },
  });
  expect(stderr).toBe('');
  expect(run(['audit', '--changed-since', 'HEAD', badPod])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^--changed-since HEAD: git says not a git repository[^\n]*\n$/),
  });
});

/** Where the program keeps compiled code; that of Node.js starts with its version. */
function ownCache(): string {
  const caches = join(folder, 'caches/podwright');
  return join(caches, readdirSync(caches).find((name) => !name.startsWith('v')) ?? '');
}

test('keeps compiled code for the next run, which uses all of it', () => {
  run(['rules']);
  const cache = ownCache();
  // code that is not used is replaced
  const written = () => readdirSync(cache).map((name) => [name, statSync(join(cache, name)).ino]);
  const before = written();
  expect(before.length).toBeGreaterThan(5);
  expect(run(['rules']).stdout).toContain('run-as-non-root');
  expect(written()).toEqual(before);
});

test('compiles anew what it cannot use', () => {
  run(['rules']);
  const file = join(ownCache(), 'main.cjs');
  const code = readFileSync(file);
  writeFileSync(file, code.fill(0, 1_000, 2_000));
  expect(run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(readFileSync(file).subarray(1_000, 2_000)).not.toEqual(Buffer.alloc(1_000));
  expect(run(['--version'], { XDG_CACHE_HOME: '/dev/null' })).toMatchObject({ status: 0, stdout: `${version}\n` });
});

test('shows where it failed in lines of the source', () => {
  const broken = 'data:text/javascript,JSON.stringify = () => { throw new Error(7) }';
  const { stderr, status } = run(['audit', '-o', 'json', badPod], {
    PODWRIGHT_DEBUG: '1',
    NODE_OPTIONS: `--import="${broken}"`,
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /podwright failed unexpectedly: Error: 7\n(?: .*\n)*? +at .+ \(.*\/src\/cli\/formats\/[a-z-]+\.ts:\d+:\d+\)/,
  );
});

test('serves and asks the cluster', async () => {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const flags = ['--host', '127.0.0.1', '--port', '0', '--monitoring-port', '0', '--kubeconfig', kubeconfig];
  const child = spawn(execPath, [program, 'serve', '--shutdown-delay', '0', ...flags]);
  const awaited = new Set(['serving', 'cannot read the Kubernetes version of the cluster; retrying']);
  for await (const line of createInterface(child.stdout)) {
    const { msg } = JSON.parse(line) as { msg: string };
    if (awaited.delete(msg) && awaited.size === 0) child.kill('SIGTERM');
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect([child.exitCode, [...awaited]]).toEqual([0, []]);
});

test('brings the licence of every package in it', async () => {
  const packages = await packagesIn([bundle]);
  const names = packages.map(({ manifest: { name } }) => name);
  expect(names).toEqual(expect.arrayContaining(['commander', 'fastify', '@kubernetes/client-node', 'yaml']));
  expect(packages.filter(({ texts }) => texts.length === 0).map(({ manifest: { name } }) => name)).toEqual([
    'abstract-logging',
  ]);
  const notices = thirdPartyNotices(packages);
  expect(notices.match(/^.+ \d+\.\d+\.\d+\S* \(.+\)$/gm)?.length).toBe(packages.length);
  expect(notices).toContain('Permission is hereby granted');
});

test('is described by a bill of materials', async () => {
  const packages = await packagesIn([bundle]);
  const bill = JSON.parse(billOfMaterials(manifest, packages));
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  expect(bill.metadata.component).toMatchObject({ name: 'podwright', version, purl: `pkg:npm/podwright@${version}` });
  const named = bill.components.map(({ purl }: { purl: string }) => purl);
  expect(named.toSorted()).toEqual(
    packages.map((each) => `pkg:npm/${each.manifest.name.replace('@', '%40')}@${each.manifest.version}`).toSorted(),
  );
  expect(bill.components.every(({ licenses }: { licenses?: unknown }) => licenses !== undefined)).toBe(true);
});

test('the version of Node.js that it asks for is the one that the package declares', () => {
  const declared = manifest.engines.node.replace('>=', '');
  expect(readFileSync(program, 'utf8')).toContain(`podwright needs Node.js ${declared} or newer`);
});

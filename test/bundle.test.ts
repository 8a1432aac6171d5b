import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProgram } from '../scripts/build/program.ts';
import { version } from '../src/version.ts';

// outside of the repository, so that whatever is not in the bundle is not found
const folder = mkdtempSync(join(tmpdir(), 'podwright-bundle-'));
let program = '';

beforeAll(async () => {
  program = await buildProgram(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], input = '') =>
  spawnSync(execPath, [program, ...args], { encoding: 'utf8', input, cwd: folder });

test('is one file, and its source map', () => {
  expect(readdirSync(folder).toSorted()).toEqual(['podwright.js', 'podwright.js.map']);
  expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('knows its version and judges a manifest, without the parts in comments', () => {
  writeFileSync(join(folder, 'pod.yaml'), 'apiVersion: v1\nkind: Pod\nspec: { hostNetwork: true }\n');
  expect(run(['--version']).stdout).toBe(`${version}\n`);
  const { status, stdout } = run(['audit', '-o', 'json', 'pod.yaml']);
  expect([status, JSON.parse(stdout).subjects[0].findings[0].rule]).toEqual([1, 'no-host-network']);
});

test('serves and asks the cluster, with the parts in comments', async () => {
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
  const awaited = new Set(['serving', 'the Kubernetes version of the cluster cannot be read; trying again']);
  for await (const line of createInterface(child.stdout)) {
    const { msg } = JSON.parse(line) as { msg: string };
    if (awaited.delete(msg) && awaited.size === 0) child.kill('SIGTERM');
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect([child.exitCode, [...awaited]]).toEqual([0, []]);
}, 30_000);

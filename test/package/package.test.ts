import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { installedPackage, otherNode } from './support.ts';

const oldest = `${manifest.engines.node.replace('>=', '')}.0`;
let folder = '';

beforeAll(async () => {
  folder = await installedPackage();
  // not in an afterAll, which would remove the working directory after a failed build
  return () => rmSync(dirname(folder), { recursive: true });
}, 120_000);

test('installs nothing but itself, in 5 MB', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['podwright']);
  const installed = join(folder, 'node_modules/podwright');
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  const bytes = files
    .map((name) => statSync(join(installed, name)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
  expect(bytes).toBeLessThan(5_000_000);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'dist/THIRD-PARTY-NOTICES', 'dist/sbom.cdx.json']));
});

const caller = `
  const pod = { apiVersion: 'v1', kind: 'Pod', spec: { hostNetwork: true, containers: [] } };
  const own = rules.filter(({ id }) => id === 'no-host-network');
  const text = 'apiVersion: podwright.dev/v1alpha1\\nkind: Policy\\nextends: strict\\n';
  Promise.all([loadPolicy(text, rules), loadPolicy(text, own)]).then(([all, one]) => {
    const found = ({ policy }) => evaluate({ pod }, policy, { minor: 36 }).findings.map(({ rule }) => rule.id);
    console.log(found(all).includes('no-host-network'), found(one).join());
  });
`;

describe.each(['24', oldest])('on Node.js %s', (version) => {
  const node = version === '24' ? execPath : otherNode(version);
  const home = (): NodeJS.ProcessEnv => ({ ...env, XDG_CACHE_HOME: join(folder, version) });
  const program = (): string => join(folder, 'node_modules/.bin/podwright');

  test('the library loads from ES modules and from CommonJS', () => {
    const names = '{ evaluate, loadPolicy, rules }';
    writeFileSync(join(folder, 'caller.mjs'), `import ${names} from 'podwright';${caller}`);
    writeFileSync(join(folder, 'caller.cjs'), `const ${names} = require('podwright');${caller}`);
    for (const name of ['caller.mjs', 'caller.cjs'])
      expect(execFileSync(node, [join(folder, name)], { encoding: 'utf8' })).toBe('true no-host-network\n');
  });

  test('the program evaluates manifests', () => {
    const manifests = join(import.meta.dirname, '../../examples/web.yaml');
    const run = (file: string, args: readonly string[]) =>
      spawnSync(node, [file, ...args], { encoding: 'utf8', env: home(), cwd: dirname(manifests) });
    const { stdout, status, stderr } = run(program(), ['audit', '-o', 'json', 'web.yaml']);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).subjects[0].verdict).toBe('allow');
  });

  test('the program serves', async () => {
    const flags = ['--host', '127.0.0.1', '--port', '0', '--monitoring-port', '0', '--shutdown-delay', '0'];
    const child = spawn(node, [program(), 'serve', ...flags], { env: home(), stdio: ['ignore', 'pipe', 'inherit'] });
    const messages: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      const { msg } = JSON.parse(line) as { msg: string };
      messages.push(msg);
      if (msg === 'serving') child.kill('SIGTERM');
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect([child.exitCode, messages.at(0), messages.at(-1)]).toEqual([0, 'serving', 'stopped']);
  });
});

test('an older Node.js is rejected in one line', () => {
  const node = otherNode('20.20.2');
  const { status, stdout, stderr } = spawnSync(node, [join(folder, 'node_modules/.bin/podwright'), 'audit'], {
    encoding: 'utf8',
  });
  expect([status, stdout, stderr]).toEqual([
    2,
    '',
    `podwright needs Node.js ${oldest.replace(/\.0$/, '')} or newer; this is 20.20.2 (${node})\n`,
  ]);
});

test('the library brings every type that it uses', () => {
  writeFileSync(
    join(folder, 'caller.ts'),
    `import { defaultPolicy, evaluate, type PodSubject, rules } from 'podwright';
     const findings = evaluate({ pod: { spec: { containers: [] } } }, defaultPolicy(rules), { minor: 36 }).findings;
     export const first: string | undefined = findings[0]?.rule.id;
     export const isOnHost = ({ spec }: PodSubject): boolean | undefined => spec.hostNetwork;
     // @ts-expect-error types of Kubernetes are known, and are not any
     export const misspelt = ({ spec }: PodSubject): boolean | undefined => spec.hostNetwerk;
`,
  );
  const flags = ['--noEmit', '--strict', '--target', 'es2024', '--types', ''];
  for (const options of ['nodenext', 'preserve'])
    expect(
      spawnSync('tsc', [...flags, '--module', options, 'caller.ts'], { encoding: 'utf8', cwd: folder }).stdout,
    ).toBe('');
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { dashboardCommand } from '../../src/cli/dashboard.ts';
import { explainCommand } from '../../src/cli/explain.ts';
import { fixCommand } from '../../src/cli/fix.ts';
import { init, initCommand } from '../../src/cli/init.ts';
import { previewCommand } from '../../src/cli/preview.ts';
import { recommendCommand } from '../../src/cli/recommend.ts';
import { starterPolicy } from '../../src/cli/starter-policy.ts';
import { statusCommand } from '../../src/cli/status.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { rules } from '../../src/rules/index.ts';

const main = path.join(import.meta.dirname, '../../src/main.ts');

function podwright(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

test.each(
  [
    auditCommand(),
    fixCommand(),
    previewCommand(),
    dashboardCommand(),
    statusCommand(),
    recommendCommand(),
    explainCommand(),
    initCommand(),
  ].map((command) => [command.name(), command]),
)('the help of %s starts with examples, whose flags there are', (name, command) => {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [heading, ...lines] = help.slice(0, help.indexOf('\n\n')).split('\n');
  expect(heading).toBe('Examples:');
  expect(lines.length).toBeGreaterThan(1);
  const known = new Set(command.options.flatMap(({ short, long }) => [short, long]));
  for (const line of lines) {
    expect(line).toContain(`podwright ${name}`);
    const flags = line.slice(line.indexOf(name)).match(/(?<= )--?[a-z][\w-]*/g) ?? [];
    expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
  }
});

test.each([
  [['audit', '-o', 'sa'], ['sarif']],
  [
    ['audit', '--fail-on', ''],
    ['never', 'audit', 'warn', 'enforce'],
  ],
  [['audit', '--chan'], ['--changed-since']],
  [['pre'], ['preview']],
  [
    ['explain', 'require-mem'],
    ['require-memory-limit', 'require-memory-request'],
  ],
  [['audit', ''], []],
  [['fix', '--rule', 'run-as'], ['run-as-non-root']],
])('a shell that asks what comes after %j is told %j', (words, expected) => {
  const answers = podwright('complete', '--', ...words)
    .split('\n')
    .filter((line) => line !== '');
  expect(answers.map((line) => line.split('\t')[0])).toEqual(expected);
});

test.each([
  ['podwright audit --fail-on e', 'enforce'],
  ['podwright explain no-host-n', 'no-host-network'],
  ['podwright audit --baseline ', ''],
])('bash completes %s', (line, completed) => {
  const words = line.split(' ');
  const script = `
podwright() { ${process.execPath} ${main} "$@"; }
source <(podwright completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_podwright
echo "\${COMPREPLY[*]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: `${completed}\n`, stderr: '' });
});

test.each([['completion'], ['completion', 'tcsh']])('%s %s is a usage error', (...words) => {
  const { status, stdout } = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('init writes a valid policy with the defaults, and overwrites no file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
  const file = path.join(folder, 'podwright.yaml');
  expect(await init(file, false)).toEqual({
    output: '',
    files: [{ file, text: starterPolicy, note: `wrote ${file}; podwright audit --policy ${file} PATH uses it` }],
    messages: [],
    exitCode: 0,
  });
  writeFileSync(file, 'mine');
  expect(await init(file, false)).toEqual({
    output: '',
    messages: [`${file} already exists; --force overwrites it`],
    exitCode: 2,
  });
  expect((await init(file, true)).exitCode).toBe(0);
  expect((await init('-', false)).output).toBe(starterPolicy);
  rmSync(folder, { recursive: true });
});

test('the policy of init is valid, and so is everything that it has in comments', async () => {
  expect(await loadPolicy(starterPolicy, rules)).not.toHaveProperty('problems');
  const uncommented = starterPolicy.replaceAll(/^# (?=[ -]|rules:|namespaces:|exemptions:)/gm, '');
  const loaded = await loadPolicy(uncommented, rules);
  expect(loaded).toMatchObject({ policy: { namespaces: [{}], exemptions: [{ name: 'node-exporter' }] } });
});

test('the policy of init leads editors to the schema, whose address is its id', () => {
  const { $id } = JSON.parse(readFileSync('docs/policy.schema.json', 'utf8')) as { $id: string };
  expect(starterPolicy.split('\n')[0]).toBe(`# yaml-language-server: $schema=${$id}`);
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadPolicy } from '../../src/policy/load.ts';
import { rules } from '../../src/rules/index.ts';
import { commandsIn } from '../support/markdown-commands.ts';
import { only, render } from './support/helm.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const commands = commandsIn(page).filter((command) => /^helm (install|upgrade) /.test(command));
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
/** The file of the rollout. */
const rollout = blocks.find((block) => block.includes('podwright.dev/mode: enforce'));
const settings = [...page.matchAll(/`(--set(?:-string)? [^`]+)`/g)].map(([, setting = '']) => setting);
/** The commands of the program, with what they are called with. */
const programs = [
  ...new Set(commandsIn(page).flatMap((line) => line.match(/\bpodwright (audit|preview|policy) .*/g) ?? [])),
];
const steps = [...page.matchAll(/^\| \d \| `([^`]+)`/gm)].map(([, values = '']) => `--set ${values}`);

test('there is what is tested here', () => {
  expect(rollout).toContain('names: [shop]');
  expect([commands.length, settings.length, steps.length].every((count) => count > 3)).toBe(true);
  expect([blocks.length, programs.length].every((count) => count > 2)).toBe(true);
});

describe('the chart can be rendered as the documentation says', () => {
  const onlyUpgrades = /^helm (install|upgrade)|--reset-(?:then-reuse-)?values|--create-namespace/g;
  const asTemplate = (command: string) =>
    command.replaceAll(onlyUpgrades, (found) => (found.startsWith('helm') ? 'helm template' : ''));
  const bare = 'helm template podwright charts/podwright --namespace podwright-system';
  test.each([...commands.map(asTemplate), ...[...settings, ...steps].map((flags) => `${bare} ${flags}`)])(
    '%s',
    (line) => {
      const fromFile = line.replace('--values podwright-values.yaml', '--values -');
      const { status, stderr } = spawnSync(fromFile, { cwd: root, shell: true, encoding: 'utf8', input: rollout });
      expect([status, stderr]).toEqual([0, '']);
    },
  );
});

test.each(blocks)('these values are taken, and the program reads the policy: %s', async (block) => {
  const values = parse(block) as object;
  const { data } = only<{ readonly data: Readonly<Record<string, string>> }>(
    render(values),
    'ConfigMap',
    'podwright-policy',
  );
  expect(await loadPolicy(data['policy.yaml'] ?? '', rules)).not.toHaveProperty('problems');
});

test.each(programs)('the program knows the flags of: %s', (line) => {
  const [, ...words] = line.split(' ');
  const flags = words.filter((word) => word.startsWith('--'));
  const { stdout } = spawnSync(
    execPath,
    ['src/main.ts', ...words.filter((word) => /^[a-z]+$/.test(word)).slice(0, 2), '--help'],
    { cwd: root, encoding: 'utf8' },
  );
  expect(flags.filter((flag) => !stdout.includes(`${flag} `))).toEqual([]);
});

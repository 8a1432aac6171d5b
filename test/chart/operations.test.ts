import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandsIn } from '../support/markdown-commands.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const commands = commandsIn(page).filter((command) => /^helm (install|upgrade) /.test(command));
const settings = [...page.matchAll(/`(--set(?:-string)? [^`]+)`/g)].map(([, setting = '']) => setting);
const steps = [...page.matchAll(/^\| \d \| `([^`]+)`/gm)].map(([, values = '']) => `--set ${values}`);

test('there is what is tested here', () => {
  expect([commands.length, settings.length, steps.length].every((count) => count > 3)).toBe(true);
});

describe('the chart can be rendered as the documentation says', () => {
  const onlyUpgrades = /^helm (install|upgrade)|--reset-then-reuse-values|--create-namespace/g;
  const asTemplate = (command: string) =>
    command.replaceAll(onlyUpgrades, (found) => (found.startsWith('helm') ? 'helm template' : ''));
  const bare = 'helm template podwright charts/podwright --namespace podwright-system';
  test.each([...commands.map(asTemplate), ...[...settings, ...steps].map((flags) => `${bare} ${flags}`)])(
    '%s',
    (line) => {
      const { status, stderr } = spawnSync(line, { cwd: root, shell: true, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    },
  );
});

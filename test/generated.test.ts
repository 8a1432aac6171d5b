import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { expect, test } from 'vitest';

test('generated files are up to date', () => {
  const script = join(import.meta.dirname, '../scripts/generate.ts');
  const { stdout, stderr } = spawnSync(execPath, [script, '--check'], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
});

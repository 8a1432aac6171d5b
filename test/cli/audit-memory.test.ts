import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** A Pod whose text alone is a quarter of a mebibyte. */
const largePod = (name: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: a-name-that-is-long-enough-to-stay-a-piece-of-its-text-${name}
  annotations:
    notes: |
${'      The quick brown fox jumps over the lazy dog while nothing is kept of it.\n'.repeat(3_500)}
spec:
  hostNetwork: true
  containers: [{ name: app-${name}, image: registry.example.com/shop/web-${name} }]
`;

/** Runs the audit with a heap of 64 MiB, of which a third is the program. */
function auditInSmallHeap(cwd: string, ...args: readonly string[]) {
  const main = path.resolve('src/main.ts');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=64', main, 'audit', '--no-config', ...args],
    { cwd, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('nothing but findings is kept of files: four times the heap of text is evaluated', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'deploy'));
  for (let index = 0; index < 1_000; index++)
    writeFileSync(path.join(folder, 'deploy', `${index}.yaml`), largePod(String(index)));
  const { status, stdout, stderr } = auditInSmallHeap(folder, 'deploy', '-o', 'text', '-o', 'json=all.json');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/\n1000 subjects: 1000 denied; findings: /);
  const { subjects } = JSON.parse(readFileSync(path.join(folder, 'all.json'), 'utf8'));
  expect(subjects[999].file).toBe('deploy/999.yaml');
});

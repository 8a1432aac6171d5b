import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { env, execPath } from 'node:process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const id = 'no-made-up-hostname';

/** What is not part of the source. */
const isLeftOut = (path: string): boolean => /^(?:node_modules|dist|coverage|\.git)$/.test(relative(root, path));

/** Folders whose tests know no rule by name, or take long. */
const others = ['cluster', 'files', 'fix', 'manifests', 'patch', 'server', 'subject', 'yaml'];

function copyOfTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podwright-new-rule-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(root, folder, { recursive: true, filter: (path) => !isLeftOut(path) });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs a Node.js program as if it were not within a test; what it prints, whether it fails or not. */
async function outputOf(cwd: string, ...args: readonly string[]): Promise<string> {
  const outside = Object.entries(env).filter(([name]) => !/^(?:VITEST|NODE_ENV|TEST)/.test(name));
  const options = { cwd, env: { ...Object.fromEntries(outside), NO_COLOR: '1' }, maxBuffer: 2 ** 26 };
  return run(execPath, args, options).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string; readonly stderr: string }) => `${error.stdout}${error.stderr}`,
  );
}

test('a rule is one source and one fixture; all else is generated', { timeout: 600_000 }, async () => {
  const tree = copyOfTree();
  cpSync(join(import.meta.dirname, `new-rule/${id}.ts.txt`), join(tree, `src/rules/${id}.ts`));
  cpSync(join(import.meta.dirname, `new-rule/${id}.yaml`), join(tree, `test/rules/${id}.yaml`));

  expect((await outputOf(tree, 'scripts/generate.ts')).match(/^wrote (?!deploy).*$/gm)?.toSorted()).toEqual([
    'wrote charts/podwright/values.schema.json',
    'wrote docs/life-of-a-pod.md',
    'wrote docs/policy.schema.json',
    'wrote docs/presets.md',
    'wrote docs/rules/README.md',
    `wrote docs/rules/${id}.md`,
    'wrote src/policy/built-in-validator.ts',
    'wrote src/rules/index.ts',
  ]);
  expect(await outputOf(tree, 'scripts/generate.ts', '--check')).toBe('');
  expect(await outputOf(tree, 'node_modules/typescript/bin/tsc', '-p', '.')).toBe('');
  const excluded = others.flatMap((folder) => ['--exclude', `test/${folder}/**`]);
  const tests = await outputOf(tree, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...excluded);
  expect(tests).toMatch(/\n\d+ passed, 0 failed\n$/);
  expect(tests).toContain('test/rules.test.ts');
});

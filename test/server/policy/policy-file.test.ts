import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { loadPolicy } from '../../../src/policy/load.ts';
import { rules } from '../../../src/rules/index.ts';
import { openPolicyFile } from '../../../src/server/policy/policy-file.ts';
import { keptLog, testFolder, testMetrics, until } from '../support.ts';

const load = (text: string) => loadPolicy(text, rules);
const textOf = (mode: string) => `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: ${mode}\n`;

async function openInFolder(text: string) {
  const folder = testFolder();
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, text);
  const { log, lines } = keptLog('info');
  const { metrics, valueOf } = testMetrics();
  const source = await openPolicyFile(file, { load, log, metrics, pollMs: 100 });
  onTestFinished(() => source.close());
  const state = async () => ({
    mode: source.policy.mode,
    isCurrent: await valueOf('policy_last_reload_successful'),
    good: await valueOf('policy_reloads_total{result="success"}'),
    bad: await valueOf('policy_reloads_total{result="failure"}'),
  });
  return { file, folder, source, lines, state, valueOf };
}

test('a policy file is in force as it is, and as it becomes', async () => {
  const start = Date.now() / 1000;
  const { file, source, state, lines, valueOf } = await openInFolder(textOf('warn'));
  expect(await state()).toEqual({ mode: 'warn', isCurrent: 1, good: 1, bad: 0 });
  const loaded = await valueOf('policy_last_reload_timestamp_seconds');
  expect(loaded).toBeGreaterThanOrEqual(Math.floor(start));
  expect(loaded).toBeLessThanOrEqual(Date.now() / 1000);
  const before = source.policy.hash;
  writeFileSync(file, textOf('audit'));
  await until(() => source.policy.mode === 'audit');
  expect(await state()).toEqual({ mode: 'audit', isCurrent: 1, good: 2, bad: 0 });
  expect(source.policy.hash).not.toBe(before);
  expect(lines).toMatchObject([{ level: 'info', file, mode: 'audit', policy: source.policy.hash }]);
});

test('an invalid file leaves the last valid policy in force until it is fixed', async () => {
  const { file, source, lines, state } = await openInFolder(textOf('warn'));
  for (const [count, spoil] of [
    () => writeFileSync(file, `${textOf('audit')}mod: off\n`),
    () => writeFileSync(file, ''),
    () => writeFileSync(file, textOf('audit').slice(0, -8)),
    () => rmSync(file),
    () => execFileSync('mkfifo', [file]),
    () => {
      rmSync(file);
      writeFileSync(file, `${textOf('audit')}#${' '.repeat(1024 * 1024)}\n`);
    },
  ].entries()) {
    spoil();
    await until(async () => (await state()).bad === count + 1);
    expect(await state()).toEqual({ mode: 'warn', isCurrent: 0, good: 1, bad: count + 1 });
  }
  expect(lines.map(({ problems }) => problems)).toEqual([
    [`${file}:4:1: mod: unknown key; did you mean "mode"?`],
    [`${file}:1:1: the file is empty`],
    [expect.stringContaining(`${file}:3:5: the file is not valid YAML: `)],
    [`${file}: the file does not exist`],
    [`${file}: cannot be read: it is a named pipe, not a file`],
    [`${file}: cannot be read: it is larger than 1 MiB`],
  ]);
  writeFileSync(file, textOf('audit'));
  await until(() => source.policy.mode === 'audit');
  expect(await state()).toEqual({ mode: 'audit', isCurrent: 1, good: 2, bad: 6 });
});

test('a half-written file is not loaded, even if it would be a valid policy', async () => {
  const { file, source, lines } = await openInFolder(textOf('warn'));
  const lineByLine = `${textOf('enforce')}fixes: false\nworkloads: audit\nexisting: audit\n`.split('\n').slice(0, -1);
  writeFileSync(file, '');
  for (const line of lineByLine) {
    appendFileSync(file, `${line}\n`);
    await sleep(20);
  }
  await until(() => source.policy.mode === 'enforce');
  expect(lines.map(({ msg }) => msg)).toEqual(['a new policy is in force']);
  expect(source.policy).toMatchObject({ fixes: false, workloads: 'audit', existing: 'audit' });
});

test('a mounted ConfigMap, which changes by moving a symlink, is followed', async () => {
  const folder = testFolder();
  const { log } = keptLog();
  const { metrics } = testMetrics();
  const mount = (name: string, mode: string): void => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'policy.yaml'), textOf(mode));
    symlinkSync(name, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  mount('..1', 'warn');
  symlinkSync('..data/policy.yaml', join(folder, 'policy.yaml'));
  const source = await openPolicyFile(join(folder, 'policy.yaml'), { load, log, metrics });
  onTestFinished(() => source.close());
  mount('..2', 'audit');
  rmSync(join(folder, '..1'), { recursive: true });
  await until(() => source.policy.mode === 'audit');
});

test('a file that is invalid at startup is rejected, with every problem', async () => {
  const text = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: stern\nfixes: maybe\n';
  const message = await openInFolder(text).catch((error: Error) => error.message);
  expect(String(message).replaceAll(/^.*\//gm, '')).toBe(
    [
      'policy.yaml:3:1: mode: must be one of off, audit, warn, enforce, not "stern"',
      'policy.yaml:4:1: fixes: must be true or false, not "maybe"',
    ].join('\n'),
  );
});

test('a server whose policy file is invalid at startup starts with the last valid policy', async () => {
  const folder = testFolder();
  const [file, fallback] = [join(folder, 'policy.yaml'), join(folder, 'last-valid.yaml')];
  writeFileSync(file, `${textOf('audit')}mod: off\n`);
  writeFileSync(fallback, textOf('warn'));
  const { log, lines } = keptLog('info');
  const { metrics, valueOf } = testMetrics();
  const source = await openPolicyFile(file, { load, log, metrics, fallback, pollMs: 100 });
  onTestFinished(() => source.close());
  const { hash } = source.policy;
  expect(lines).toMatchObject([
    {
      level: 'error',
      msg: 'the policy file is invalid; started with the last valid policy',
      problems: [`${file}:4:1: mod: unknown key; did you mean "mode"?`],
      policy: hash,
    },
  ]);
  const isCurrent = () => valueOf('policy_last_reload_successful');
  expect([source.policy.mode, await isCurrent()]).toEqual(['warn', 0]);
  expect(await valueOf(`policy_info{hash="${hash}",mode="warn"}`)).toBe(1);
  writeFileSync(file, textOf('audit'));
  await until(() => source.policy.mode === 'audit');
  expect(await isCurrent()).toBe(1);
  expect(await valueOf(`policy_info{hash="${hash}",mode="warn"}`)).toBeUndefined();
  expect(await valueOf(`policy_info{hash="${source.policy.hash}",mode="audit"}`)).toBe(1);
});

test('without any valid policy, the problems of both files are named', async () => {
  const folder = testFolder();
  const [file, fallback] = [join(folder, 'policy.yaml'), join(folder, 'last-valid.yaml')];
  const { log } = keptLog('info');
  const { metrics } = testMetrics();
  const problems = async (): Promise<string> => {
    const { message } = (await openPolicyFile(file, { load, log, metrics, fallback }).catch(
      (error: Error) => error,
    )) as Error;
    return message.replaceAll(`${folder}/`, '');
  };
  expect(await problems()).toBe('policy.yaml: the file does not exist');
  writeFileSync(fallback, `${textOf('warn')}mod: off\n`);
  expect(await problems()).toBe(
    'policy.yaml: the file does not exist\nlast-valid.yaml:4:1: mod: unknown key; did you mean "mode"?',
  );
});

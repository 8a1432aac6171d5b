import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';

const main = path.resolve('src/main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pod = (index: number): string =>
  `{ apiVersion: v1, kind: Pod, metadata: { name: web-${index} }, spec: { hostNetwork: true, containers: [] } }\n`;
writeFileSync(path.join(folder, 'pods.yaml'), Array.from({ length: 500 }, (_, index) => pod(index)).join('---\n'));

/** What a shell says of a line in which `$PODWRIGHT` is the program. */
function shell(line: string) {
  const env = { ...process.env, PODWRIGHT: `${process.execPath} ${main}` };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('a run ends quietly', () => {
  test('when the reader of its output has seen enough, with its own exit code', () => {
    // more than a pipe holds
    const line = '$PODWRIGHT audit --no-config -o json pods.yaml | head -1; exit ${PIPESTATUS[0]}';
    expect(shell(line)).toEqual({ status: 1, stdout: '{\n', stderr: '' });
  });

  test('at Ctrl-C, of the signal and without a word', async () => {
    const child = spawn(process.execPath, [main, 'audit', '--no-config', 'pods.yaml', '-'], { cwd: folder });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    child.stdin.write(pod(1), () => child.kill('SIGINT'));
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
    expect(await output).toEqual(['', '']);
  });

  test.runIf(existsSync('/dev/full'))('where a disk is full, with one line and exit code 2', () => {
    expect(shell('$PODWRIGHT audit --no-config -o json=/dev/full pods.yaml')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cannot write /dev/full: ENOSPC: no space left on device, write\n',
    });
    expect(shell('$PODWRIGHT init --force /dev/full')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cannot write /dev/full: ENOSPC: no space left on device, write\n',
    });
    expect(shell('$PODWRIGHT audit --no-config pods.yaml > /dev/full')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'the output cannot be written: ENOSPC: no space left on device, write\n',
    });
  });
});

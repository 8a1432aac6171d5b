import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { logOutput } from '../../../src/server/monitoring/log-output.ts';
import { type ServeProcess, startUnheard } from '../serve-process.ts';
import { badPod, reviewText, testFolder, until } from '../support.ts';

/** Both ends of a pipe, the reader's without waiting. */
function openPipe(): { readonly reader: number; readonly writer: number } {
  const path = join(testFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, constants.O_WRONLY) };
}

function readAll(fd: number): string {
  let text = '';
  const buffer = Buffer.alloc(64 * 1024);
  try {
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer))
      text += buffer.toString('utf8', 0, length);
  } catch (error) {
    // nothing more for now
    expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
  }
  return text;
}

test('a line is written at once, and those that follow it soon are written together', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const path = join(testFolder(), 'log');
  const output = logOutput(openSync(path, 'w'), () => undefined);
  const written = async (text: string) => {
    while (readFileSync(path, 'utf8') !== text) await setImmediate();
  };
  output.write('first\n');
  await written('first\n');
  output.write('second\n');
  output.write('third\n');
  vi.advanceTimersByTime(99);
  for (let turn = 0; turn < 1_000; turn++) await setImmediate();
  expect(readFileSync(path, 'utf8')).toBe('first\n');
  vi.advanceTimersByTime(1);
  await written('first\nsecond\nthird\n');
  vi.advanceTimersByTime(100);
  output.write('fourth\n');
  await written('first\nsecond\nthird\nfourth\n');
  await output.end();
});

test('buffered lines are limited, excess lines are dropped, and the rest arrive once the log is read', async () => {
  const { reader, writer } = openPipe();
  onTestFinished(() => closeSync(reader));
  let dropped = 0;
  const output = logOutput(writer, () => dropped++);
  const line = `${'x'.repeat(1_023)}\n`;
  // 4 MiB may wait, and 64 KiB are in the pipe.
  for (let count = 0; count < 6 * 1024; count++) output.write(line);
  expect(dropped).toBeGreaterThan(1_900);
  expect(dropped).toBeLessThanOrEqual(2 * 1024);
  let received = '';
  await until(() => {
    received += readAll(reader);
    return received.length === (6 * 1024 - dropped) * line.length;
  });
  output.write('last\n');
  await output.end();
  expect(readAll(reader)).toBe('last\n');
});

test('without a reader every line is dropped, those that wait as well', async () => {
  const { reader, writer } = openPipe();
  let dropped = 0;
  const output = logOutput(writer, () => dropped++);
  for (let count = 0; count < 100; count++) output.write(`${'x'.repeat(1_023)}\n`);
  closeSync(reader);
  // The pipe holds 64 KiB.
  await until(() => dropped >= 35);
  const waited = dropped;
  output.write('one more\n');
  expect(dropped).toBe(waited + 1);
  await output.end();
});

test('a file gets all lines, and a full disk none', async () => {
  const file = join(testFolder(), 'log');
  let dropped = 0;
  for (const [path, lines] of [
    [file, 3],
    ['/dev/full', 2],
  ] as const) {
    const output = logOutput(openSync(path, 'a'), () => dropped++);
    for (let count = 0; count < lines; count++) output.write(`line ${count}\n`);
    await output.end();
  }
  expect(readFileSync(file, 'utf8')).toBe('line 0\nline 1\nline 2\n');
  expect(dropped).toBe(2);
});

test('buffered lines are limited in bytes, and a line after the end is dropped', async () => {
  const file = join(testFolder(), 'log');
  let dropped = 0;
  const output = logOutput(openSync(file, 'a'), () => dropped++);
  // 1 KiB in 513 characters
  for (let count = 0; count < 6 * 1024; count++) output.write(`${'é'.repeat(511)} \n`);
  expect(dropped).toBe(2 * 1024);
  const ended = output.end();
  output.write('late\n');
  await ended;
  expect(dropped).toBe(2 * 1024 + 1);
  expect(statSync(file).size).toBe(4 * 1024 * 1024);
});

/** Ends by itself, with nothing on standard error. */
const orderly: Awaited<ServeProcess['ended']> = { code: 0, signal: null, stderr: '' };

test('a full disk under the log delays neither answers nor shutdown', async () => {
  const { child, ended, client, valueOf } = await startUnheard({ output: openSync('/dev/full', 'w') });
  for (let count = 0; count < 5; count++) expect((await client.post('/validate', reviewText(badPod))).status).toBe(200);
  await until(async () => (await valueOf('log_lines_dropped_total')) === 6);
  child.kill('SIGTERM');
  expect(await ended).toEqual(orderly);
});

test('a closed log reader delays neither answers nor shutdown', async () => {
  const { child, ended, client, valueOf } = await startUnheard();
  // the line that tells of the start is not lost
  if (child.stdout !== null) await once(child.stdout, 'readable');
  child.stdout?.destroy();
  for (let count = 0; count < 5; count++) expect((await client.post('/validate', reviewText(badPod))).status).toBe(200);
  await until(async () => (await valueOf('log_lines_dropped_total')) === 5);
  child.kill('SIGTERM');
  expect(await ended).toEqual(orderly);
});

test('a stalled log reader delays neither answers nor shutdown', async () => {
  const { child, client } = await startUnheard();
  const namespace = 'n'.repeat(4_000);
  // Together more than the pipe holds.
  for (let count = 0; count < 300; count++)
    expect((await client.post('/validate', reviewText(badPod, { namespace }))).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

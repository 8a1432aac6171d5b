import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readStream, readWhole } from '../../src/files/read-whole.ts';
import { testFolder } from '../server/support.ts';

const maxBytes = 1024 * 1024;

test('endless and oversized input is rejected immediately', async () => {
  const folder = testFolder();
  const at = (name: string): string => join(folder, name);
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('pipe', at('link'));
  symlinkSync('/dev/zero', at('zero'));
  symlinkSync('/proc/self/pagemap', at('process'));
  mkdirSync(at('folder'));
  writeFileSync(at('sparse'), '');
  truncateSync(at('sparse'), 2 ** 40);
  const found = await Promise.all(
    ['pipe', 'link', 'zero', 'process', 'folder', 'sparse'].map(async (name) => [
      name,
      await readWhole(at(name), { maxBytes }),
    ]),
  );
  expect(Object.fromEntries(found)).toEqual({
    pipe: { problem: 'it is a named pipe, not a file', isMissing: false },
    link: { problem: 'it is a named pipe, not a file', isMissing: false },
    zero: { problem: 'it is a device, not a file', isMissing: false },
    process: { problem: 'it is larger than 1 MiB', isMissing: false },
    folder: { problem: 'it is a directory, not a file', isMissing: false },
    sparse: { problem: 'it is larger than 1 MiB', isMissing: false },
  });
});

test('a file is read up to the bound, one that is not there is missing', async () => {
  const file = join(testFolder(), 'file');
  writeFileSync(file, 'a'.repeat(maxBytes));
  expect(await readWhole(file, { maxBytes })).toEqual({ bytes: Buffer.alloc(maxBytes, 'a') });
  expect(await readWhole(`${file}.not`, { maxBytes })).toEqual({
    problem: expect.stringMatching(/^ENOENT: /),
    isMissing: true,
  });
});

test('a stream without end is given up', async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield 'y\n'.repeat(1_000);
    })(),
  );
  expect(await readStream(endless, { maxBytes })).toEqual({ problem: 'it is larger than 1 MiB', isMissing: false });
  expect(endless.destroyed).toBe(true);
});

test("the pipe of a shell's <(command) is read, where that is asked for", async () => {
  const script = `
    import { readWhole } from ${JSON.stringify(join(import.meta.dirname, '../../src/files/read-whole.ts'))};
    const [, path] = process.argv;
    for (const shellPipes of [true, false]) {
      const { bytes, problem } = await readWhole(path, { maxBytes: 100, shellPipes });
      console.log(bytes?.toString() ?? problem);
    }`;
  const command = '"$0" --input-type=module --eval "$1" <(echo kind: Pod)';
  const shell = spawn('bash', ['-c', command, process.execPath, script]);
  expect(
    await Readable.from(shell.stdout)
      .toArray()
      .then((chunks) => chunks.join('')),
  ).toBe('kind: Pod\n\nit is a named pipe, not a file\n');
});

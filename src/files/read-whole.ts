import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { getBuiltinModule } from 'node:process';

/** The content, or why the file was not read: a clause that follows `cannot be read: `. */
export type Content = { readonly bytes: Buffer } | { readonly problem: string; readonly isMissing: boolean };

/** The path that a shell creates for `<(command)`: a pipe that already has a writer, and therefore an end. */
const shellPipe = /^\/dev\/(?:fd\/\d+|stdin)$/;

/** Whether a path is such a pipe, which can be read only once. */
export const isShellPipe = (path: string): boolean => shellPipe.test(path);

// Non-blocking, so that a named pipe without a writer opens, too, and can be recognized.
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a finite file. Rejects devices, more than `maxBytes` and named pipes, which would wait for a writer; with
 * `shellPipes`, the pipe of a shell's `<(command)` is read like a file.
 */
export async function readWhole(
  path: string,
  { maxBytes, shellPipes = false }: { readonly maxBytes: number; readonly shellPipes?: boolean },
): Promise<Content> {
  // reading a local file takes less time than loading node:fs/promises
  if (!shellPipes || !isShellPipe(path)) return readWholeNow(path, { maxBytes });
  try {
    const { open } = getBuiltinModule('node:fs/promises');
    await using file = await open(path, constants.O_RDONLY);
    const problem = problemOf(await file.stat(), maxBytes, true);
    return problem === undefined
      ? await readStream(file.createReadStream({ autoClose: false }), { maxBytes })
      : { problem, isMissing: false };
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  }
}

/** The same, synchronously. */
export function readWholeNow(path: string, { maxBytes }: { readonly maxBytes: number }): Content {
  let file: number | undefined;
  try {
    file = openSync(path, withoutWaiting);
    const entry = fstatSync(file);
    const problem = problemOf(entry, maxBytes, false);
    if (problem !== undefined) return { problem, isMissing: false };
    return entry.size > 0 ? { bytes: readFileSync(file) } : readWithoutSize(file, maxBytes);
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Files of `/proc` state the size 0 in all cases, and some hardly end. */
function readWithoutSize(file: number, maxBytes: number): Content {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= maxBytes; ) {
    const chunk = Buffer.alloc(64 * 1024);
    const read = readSync(file, chunk);
    if (read === 0) return { bytes: Buffer.concat(chunks, length) };
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  return { problem: tooLarge(maxBytes), isMissing: false };
}

const unreadable = ({ code, message }: NodeJS.ErrnoException): Content => ({
  problem: message,
  isMissing: code === 'ENOENT',
});

/** Reads a stream to its end, at most `maxBytes`. */
export async function readStream(
  stream: NodeJS.ReadableStream,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Content> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) return { problem: tooLarge(maxBytes), isMissing: false };
    chunks.push(bytes);
  }
  return { bytes: Buffer.concat(chunks, length) };
}

function problemOf(entry: Stats, maxBytes: number, mayBePipe: boolean): string | undefined {
  if (entry.isDirectory()) return 'it is a directory, not a file';
  if (entry.isFIFO()) return mayBePipe ? undefined : 'it is a named pipe, not a file';
  if (entry.isCharacterDevice() || entry.isBlockDevice()) return 'it is a device, not a file';
  return entry.size > maxBytes ? tooLarge(maxBytes) : undefined;
}

const tooLarge = (maxBytes: number): string => `it is larger than ${maxBytes / 1024 / 1024} MiB`;

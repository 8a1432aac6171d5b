import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';

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
  // files are local, and a look at the disk takes less time than loading what reads in the background
  if (!shellPipes || !isShellPipe(path)) return readWholeNow(path, { maxBytes });
  try {
    const { open } = await import('node:fs/promises');
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
    const problem = problemOf(fstatSync(file), maxBytes, false);
    return problem === undefined ? { bytes: readFileSync(file) } : { problem, isMissing: false };
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  } finally {
    if (file !== undefined) closeSync(file);
  }
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

import { once } from 'node:events';
import { fstatSync, writeFile } from 'node:fs';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';

/** The limit for buffered lines if the log is not read. */
const maxWaiting = 4 * 1024 * 1024;
/**
 * How long lines are collected after one was written, and then written as one text, because a system call per line would
 * take more time than the line itself.
 */
const gatherMs = 100;
const newline = 0x0a;

/** The destination of log lines. */
export interface LogOutput {
  write(line: string): void;
  /** Resolves when everything that can be written is. */
  end(): Promise<void>;
}

/**
 * Writes to a descriptor without blocking the event loop. If a reader stalls or goes away, or a disk is full, lines are
 * lost and reported to `onDrop`, but neither answers nor shutdown are delayed.
 */
export function logOutput(fd: number, onDrop: () => void): LogOutput {
  const stream = isPipe(fd) ? pipeWriter(fd) : fileWriter(fd, onDrop);
  let gathering: NodeJS.Timeout | undefined;
  let text = '';
  let bytes = 0;
  let lines = 0;
  function gather(): void {
    gathering = setTimeout(() => {
      gathering = undefined;
      if (lines > 0) flush();
    }, gatherMs);
  }
  function flush(): void {
    if (gathering === undefined) gather();
    const count = lines;
    stream.write(text, (error) => {
      if (error) for (let dropped = 0; dropped < count; dropped++) onDrop();
    });
    text = '';
    bytes = 0;
    lines = 0;
  }
  return {
    write(line) {
      const size = Buffer.byteLength(line);
      if (stream.destroyed || stream.writableEnded || stream.writableLength + bytes + size > maxWaiting)
        return onDrop();
      text += line;
      bytes += size;
      lines++;
      // after a fatal one, the process may be about to end
      if (gathering === undefined || line.startsWith('{"level":"fatal"')) flush();
    },
    async end() {
      if (lines > 0) flush();
      clearTimeout(gathering);
      if (!stream.destroyed) await once(stream.end(), 'close');
    },
  };
}

function isPipe(fd: number): boolean {
  const entry = fstatSync(fd);
  return entry.isFIFO() || entry.isSocket();
}

/** Never blocks in a worker thread, which would keep the process from exiting while a pipe is not read. */
function pipeWriter(fd: number): Writable {
  // Errors are reported for the affected lines.
  return new Socket({ fd, readable: false }).on('error', () => undefined);
}

function fileWriter(fd: number, onDrop: () => void): Writable {
  return new Writable({
    write(lines: Buffer, _encoding, done) {
      writeFile(fd, lines, (error) => {
        // The disk may have space again later, so the stream continues.
        if (error) for (const byte of lines) if (byte === newline) onDrop();
        done();
      });
    },
  });
}

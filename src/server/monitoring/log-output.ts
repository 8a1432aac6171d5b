import { once } from 'node:events';
import { fstatSync, writeFile } from 'node:fs';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';

/** What may wait to be written when nobody reads the log. */
const maxWaiting = 4 * 1024 * 1024;
/** How long lines wait for others: a call of the system for each would take more time than the line itself. */
const gatherMs = 20;

/** Where the lines of the log go. */
export interface LogOutput {
  write(line: string): void;
  /** Resolves when all is written that can be. */
  end(): Promise<void>;
}

/**
 * Writes to a descriptor beside the event loop. A reader that stalls or goes away and a disk that is full cost lines,
 * each of which is told to `onDrop`, but neither answers nor the end of the process.
 */
export function logOutput(fd: number, onDrop: () => void): LogOutput {
  const stream = isPipe(fd) ? pipeWriter(fd) : fileWriter(fd, onDrop);
  const onWritten = (error?: Error | null): void => {
    if (error) onDrop();
  };
  let gathering: NodeJS.Timeout | undefined;
  function flush(): void {
    clearTimeout(gathering);
    gathering = undefined;
    stream.uncork();
  }
  return {
    write(line) {
      if (stream.destroyed || stream.writableLength + line.length > maxWaiting) return onDrop();
      if (gathering === undefined) {
        stream.cork();
        gathering = setTimeout(flush, gatherMs);
      }
      stream.write(line, onWritten);
      // the process may be about to end
      if (line.startsWith('{"level":"fatal"')) flush();
    },
    async end() {
      if (gathering !== undefined) flush();
      if (!stream.destroyed) await once(stream.end(), 'close');
    },
  };
}

function isPipe(fd: number): boolean {
  const entry = fstatSync(fd);
  return entry.isFIFO() || entry.isSocket();
}

/** Never waits in a thread of its own, in which a pipe that nobody reads would keep the process from ending. */
function pipeWriter(fd: number): Writable {
  // An error is told to the lines that it concerns.
  return new Socket({ fd, readable: false }).on('error', () => undefined);
}

function fileWriter(fd: number, onDrop: () => void): Writable {
  return new Writable({
    writev(lines, done) {
      writeFile(fd, Buffer.concat(lines.map(({ chunk }) => chunk as Buffer)), (error) => {
        // The disk may have room again later, so the stream goes on.
        if (error) for (const _ of lines) onDrop();
        done();
      });
    },
  });
}

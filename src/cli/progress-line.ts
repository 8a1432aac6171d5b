import type { ScanProgress } from '../cluster/scan/index.ts';
import type { ReadProgress } from '../manifests/read-sources.ts';
import { printable } from './output/layout.ts';

/** A line that shows the progress of long-running work. */
export interface ProgressLine<Progress = ScanProgress> {
  readonly show: (progress: Progress) => void;
  /** Removes the line from the terminal. */
  readonly clear: () => void;
}

const everyMs = 100;
const [start, toEnd] = ['\r', '\u001B[K'];

/** Rewrites one line of the terminal; does nothing if the output is not a terminal. */
function rewrittenLine<Progress>(
  stream: NodeJS.WriteStream,
  textOf: (progress: Progress) => string,
): ProgressLine<Progress> {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      if (performance.now() - shownAt < everyMs) return;
      shownAt = performance.now();
      stream.write(`${start}${textOf(progress).slice(0, Math.max(0, stream.columns - 1))}${toEnd}`);
    },
    clear: () => stream.write(`${start}${toEnd}`),
  };
}

/** The progress of a scan: `scanned 12,400 Pods and workloads, namespace shop…`. */
export const progressLine = (stream: NodeJS.WriteStream): ProgressLine =>
  rewrittenLine(
    stream,
    ({ objects, namespace }) =>
      `scanned ${objects.toLocaleString('en-US')} Pods and workloads, namespace ${namespace}…`,
  );

/** The progress of work with several phases, in words. */
export const phaseLine = (stream: NodeJS.WriteStream): ProgressLine<string> =>
  rewrittenLine(stream, (phase) => `${printable(phase)}…`);

/** The progress of reading manifests: `read 120 of 1,000 files, deploy/web.yaml…`. */
export const readingLine = (stream: NodeJS.WriteStream): ProgressLine<ReadProgress> =>
  rewrittenLine(stream, ({ done, of, file, documents }) => {
    const within = documents === 0 ? '' : `, ${documents.toLocaleString('en-US')} documents`;
    return `read ${done.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} files, ${printable(file)}${within}…`;
  });

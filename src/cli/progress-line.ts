import type { ScanProgress } from '../cluster/scan/index.ts';

/** A line that says how far a long work is. */
export interface ProgressLine {
  readonly show: (progress: ScanProgress) => void;
  /** Leaves the terminal as it was. */
  readonly clear: () => void;
}

const everyMs = 100;
const [start, toEnd] = ['\r', '\u001B[K'];

/** Rewrites one line of the terminal; anything else than a terminal is left alone. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      if (performance.now() - shownAt < everyMs) return;
      shownAt = performance.now();
      const text = progressText(progress);
      stream.write(`${start}${text.slice(0, Math.max(0, stream.columns - 1))}${toEnd}`);
    },
    clear: () => stream.write(`${start}${toEnd}`),
  };
}

/** `scanned 12,400 Pods and workloads, namespace shop…`. */
const progressText = ({ objects, namespace }: Pick<ScanProgress, 'objects' | 'namespace'>): string =>
  `scanned ${objects.toLocaleString('en-US')} Pods and workloads, namespace ${namespace}…`;

import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { progressLine, readingLine } from '../../src/cli/progress-line.ts';

const progress = { namespace: 'shop', namespaces: 3, subjects: 1_000, objects: 12_400 };

/** A stream that says of itself whether it is a terminal, and what was written to it. */
function stream(terminal: { readonly isTTY?: boolean; readonly columns?: number }) {
  const passing = new PassThrough();
  return { stream: Object.assign(passing, terminal) as never, written: () => String(passing.read() ?? '') };
}

test('one line of a terminal is written over and over, and goes in the end', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { stream: terminal, written } = stream({ isTTY: true, columns: 80 });
  const line = progressLine(terminal);
  line.show(progress);
  expect(written()).toBe('\rscanned 12,400 Pods and workloads, namespace shop…\u001B[K');
  line.show(progress);
  expect(written()).toBe('');
  line.clear();
  expect(written()).toBe('\r\u001B[K');
});

test('a reading says which of how many files is next', () => {
  const { stream: terminal, written } = stream({ isTTY: true, columns: 80 });
  readingLine(terminal).show({ done: 1_200, of: 10_000, file: 'deploy/web.yaml', documents: 0 });
  expect(written()).toBe('\rread 1,200 of 10,000 files, deploy/web.yaml…\u001B[K');
  readingLine(terminal).show({ done: 0, of: 1, file: 'all.yaml', documents: 1_300 });
  expect(written()).toBe('\rread 0 of 1 files, all.yaml, 1,300 documents…\u001B[K');
});

test('the line does not wrap', () => {
  const { stream: terminal, written } = stream({ isTTY: true, columns: 20 });
  progressLine(terminal).show(progress);
  expect(written()).toBe('\rscanned 12,400 Pods\u001B[K');
});

test('output that is not a terminal gets nothing', () => {
  const { stream: file, written } = stream({});
  const line = progressLine(file);
  line.show(progress);
  line.clear();
  expect(written()).toBe('');
});

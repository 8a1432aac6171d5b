import { expect, onTestFinished, test, vi } from 'vitest';
import { keptLog } from '../support.ts';

test('every line has its own time, within a second and beyond', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { log, lines } = keptLog();
  const times = ['2026-12-31T23:59:59.007Z', '2026-12-31T23:59:59.980Z', '2027-01-01T00:00:00.000Z'];
  // a clock may also be put back
  for (const time of [...times, ...times]) {
    vi.setSystemTime(time);
    log.info('tick');
  }
  expect(lines.map(({ time }) => time)).toEqual([...times, ...times]);
});

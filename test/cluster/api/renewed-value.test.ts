import { expect, test, vi } from 'vitest';
import { renewed } from '../../../src/cluster/api/renewed-value.ts';

interface Made {
  readonly nth: number;
}

/** Counts what is made, and what is replaced. */
function counted(made: (nth: number) => Promise<Made> = (nth) => Promise.resolve({ nth })) {
  const replaced: number[] = [];
  let count = 0;
  const kept = renewed(
    () => made(++count),
    ({ nth }) => replaced.push(nth),
  );
  return { kept, replaced };
}

test('one is kept for five minutes', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { kept, replaced } = counted();
  const nths: number[] = [];
  for (const ms of [0, 299_999, 1, 299_999]) {
    vi.advanceTimersByTime(ms);
    nths.push((await kept.current()).nth);
  }
  vi.useRealTimers();
  expect({ nths, replaced }).toEqual({ nths: [1, 1, 2, 2], replaced: [1] });
});

test('several users of an invalidated value get the same new one', async () => {
  const { kept, replaced } = counted();
  const first = await kept.current();
  const again = [1, 2, 3].map(() => {
    kept.forget(first);
    return kept.current();
  });
  expect(await Promise.all(again)).toEqual([{ nth: 2 }, { nth: 2 }, { nth: 2 }]);
  kept.forget(first);
  expect(await kept.current()).toEqual({ nth: 2 });
  expect(replaced).toEqual([1]);
});

test('a failed rebuild is retried at the next use, and does not replace the old value', async () => {
  const { kept, replaced } = counted((nth) => (nth === 2 ? Promise.reject(new Error('no')) : Promise.resolve({ nth })));
  const first = await kept.current();
  kept.forget(first);
  await expect(kept.current()).rejects.toThrow('no');
  expect(replaced).toEqual([]);
  expect(await kept.current()).toEqual({ nth: 3 });
  expect(replaced).toEqual([1]);
});

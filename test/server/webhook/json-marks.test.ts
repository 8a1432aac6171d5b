import { expect, test } from 'vitest';
import { hasMoreMarks } from '../../../src/server/webhook/json-marks.ts';

test.each([
  ['{"a":[1,"x,:{[\\"y\\\\",{}]}', 6],
  ['"\\\\\\\\"', 0],
  ['["unclosed,', 1],
  [',,,', 3],
  ['', 0],
])('%s has %i marks', (json, count) => {
  expect(hasMoreMarks(Buffer.from(json), count)).toBe(false);
  if (count > 0) expect(hasMoreMarks(Buffer.from(json), count - 1)).toBe(true);
});

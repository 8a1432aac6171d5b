import { expect, test } from 'vitest';
import { sleepOf } from '../../src/subject/hook-sleep.ts';

test.each<[command: string[], seconds: number]>([
  [['sleep', '10'], 10],
  [['/bin/sleep', '0.5'], 0.5],
  [['sleep', '1m', '30s'], 90],
  [['sleep', 'infinity'], Number.POSITIVE_INFINITY],
  [['sleep', 'x'], 0],
  [['sh', '-c', 'sleep 10'], 10],
  [['/bin/bash', '-c', 'sleep 10 && nginx -s quit; sleep 5'], 15],
  [['sh', '-c', 'sleep "10"; echo "; sleep 20"'], 10],
  [['sh', '-c', 'nginx -s quit; while pgrep nginx; do sleep 1; done'], 0],
  [['sh', '-c', 'sleep 20 & nginx -s quit || sleep 30'], 0],
  [['sh', '-c', 'timeout 5 sleep 60'], 0],
  [['sh', '-c', 'sleep $DELAY'], 0],
  [['sh', '-c', 'sleep', '10'], 0],
  [['nginx', '-s', 'quit'], 0],
  [[], 0],
])('%j sleeps %d s', (command, seconds) => {
  expect(sleepOf({ exec: { command } })).toBe(seconds);
});

test('the native hook', () => {
  expect(sleepOf({ sleep: { seconds: 15 } })).toBe(15);
  expect(sleepOf({ sleep: {} as { seconds: number } })).toBe(0);
  expect(sleepOf({ httpGet: { port: 80 } })).toBe(0);
  expect(sleepOf({ exec: {} })).toBe(0);
  expect(sleepOf(undefined)).toBe(0);
});

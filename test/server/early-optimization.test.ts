import { execFileSync } from 'node:child_process';
import { execPath } from 'node:process';
import { expect, test } from 'vitest';

/** After how many calls V8 has compiled a function with its last compiler, without threads, which would make it vary. */
function callsUntilOptimized(preparation: string): number {
  const program = `${preparation};
    const lengths = (list) => list.length + list[0].length * 2;
    const list = ['a', 'bc'];
    let calls = 0;
    while (!%ActiveTierIsTurbofan(lengths) && calls++ < 1e6) lengths(list);
    console.log(calls);`;
  const flags = ['--allow-natives-syntax', '--no-concurrent-recompilation', '--no-use-osr', '--no-warnings'];
  const module = ['--input-type=module', '--eval', program];
  return Number(execFileSync(execPath, [...flags, ...module], { encoding: 'utf8' }));
}

test('a server optimizes after fewer than half of the calls, and other programs do not', () => {
  const file = new URL('../../src/server/early-optimization.ts', import.meta.url).href;
  const late = callsUntilOptimized('');
  expect(late).toBeGreaterThan(1_000);
  const early = callsUntilOptimized(`(await import('${file}')).optimizeEarly()`);
  expect(early).toBeLessThan(late / 2);
});

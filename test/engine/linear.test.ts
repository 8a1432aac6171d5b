import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { expect, test } from 'vitest';

const measuring = join(import.meta.dirname, 'growth/measure-growth.ts');

/** However busy the machine is: nothing here goes by the clock. */
const patienceMs = 600_000;

/** In a process of its own, whose sources are loaded with counters in them. */
function measureGrowth(): Readonly<Record<string, readonly string[]>> {
  const { stdout, stderr } = spawnSync(execPath, [measuring], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string[]>;
}

test('a Pod that is four times as large takes four times the work, wherever it is large', {
  timeout: patienceMs,
}, () => {
  const growth = measureGrowth();
  expect(Object.entries(growth).flatMap(([what, tooMuch]) => tooMuch.map((text) => `${what}: ${text}`))).toEqual([]);
  expect(Object.keys(growth)).toEqual(
    expect.arrayContaining([
      'spec.containers (bad)',
      'spec.containers[] (bad)',
      'spec.ephemeralContainers[] (equal)',
      'spec.volumes[].projected.sources[].downwardAPI (distinct)',
      'metadata (bad)',
    ]),
  );
});

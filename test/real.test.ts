import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { plain } from '../src/cli/output/paint.ts';
import { runAudit } from '../src/cli/run-audit.ts';

const folder = path.join(import.meta.dirname, 'real');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));

test.each(names)('what recommended says about %s', async (name) => {
  const file = path.relative('.', path.join(folder, `${name}.yaml`));
  const options = { failOn: 'audit' } as const;
  const { output, messages } = await runAudit([file], options, () => Readable.from([]), plain);
  expect(messages).toEqual([]);
  await expect(`${output}\n`).toMatchFileSnapshot(path.join(folder, `${name}.outcome.txt`));
});

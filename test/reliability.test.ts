import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../docs/reliability.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\d+) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(
  ([, number, fault = '', , proof = '']) => ({
    number: Number(number),
    fault,
    proof,
  }),
);

/** A file below `test/`, and the title of a test in it. */
const namedTest = /`([^`]+\.test\.ts)` "(.+?)"(?=; `|\. |$)/g;

/** As a title is written in source: any of the three quotes, and those within escaped. */
const written = (title: string): string[] => [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``];

test('all sixty faults are there, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

test.each(rows)('$number, $fault: every test that it names is there, and what no test shows is argued', ({ proof }) => {
  const named = [...proof.matchAll(namedTest)];
  const missing = named.flatMap(([, file = '', title = '']) => {
    const path = join(import.meta.dirname, file);
    if (!existsSync(path)) return [file];
    const source = readFileSync(path, 'utf8');
    return written(title).some((text) => source.includes(text)) ? [] : [`${file}: ${title}`];
  });
  expect(missing).toEqual([]);
  const argument = proof.replaceAll(namedTest, '').replaceAll(/^[;.\s]+/g, '');
  expect(argument).not.toMatch(/\.test\.ts/);
  if (named.length === 0) expect(argument).toMatch(/^[A-Z].{20,}\.$/);
});

import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md', 'charts/*/*.md'], { cwd: root });

test('every relative link of the documentation leads to a file, and to a heading if it names one', () => {
  expect(pages.length).toBeGreaterThan(50);
  expect(pages.flatMap(brokenLinks)).toEqual([]);
});

test('the index of decisions has each ADR once, in order of number', () => {
  const entries = [...textOf('docs/adr/README.md').matchAll(/^- \[ADR (\d+)\]\((\d{4}-[^)]+)\): /gm)];
  expect(entries.map(([, , file]) => file)).toEqual(readdirSync(join(root, 'docs/adr')).filter(isRecord).toSorted());
  expect(entries.filter(([, number, file = '']) => Number(number) !== Number(file.slice(0, 4)))).toEqual([]);
});

function brokenLinks(page: string): string[] {
  return [...withoutCode(textOf(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
    .filter(([, path = '', anchor]) => !leadsSomewhere(path === '' ? page : join(dirname(page), path), anchor))
    .map(([link]) => `${page}: ${link}`);
}

function leadsSomewhere(path: string, anchor: string | undefined): boolean {
  if (relative(root, join(root, path)).startsWith('..')) return false;
  if (globSync(path, { cwd: root }).length === 0) return false;
  return anchor === undefined || anchorsOf(path).includes(anchor);
}

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const isRecord = (file: string): boolean => file !== 'README.md';
const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '');
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

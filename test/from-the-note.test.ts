import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../src/rules/index.ts';
import { noteSectionsOf } from './support/note-sections.ts';

const docs = join(import.meta.dirname, '../docs');
const page = readFileSync(join(docs, 'from-the-note.md'), 'utf8');
const [, ...chapters] = page.split(/^## /m);
const numbered = chapters.filter((chapter) => /^\d/.test(chapter));
const rest = chapters.filter((chapter) => !/^\d/.test(chapter));

const linked = (chapter: string): string[] =>
  [...chapter.matchAll(/\]\(rules\/([\w-]+)\.md\)/g)].map(([, id = '']) => id).toSorted();
const fromSection = (number: number): string[] =>
  rules.filter((rule) => noteSectionsOf(rule).includes(number)).map(({ id }) => id);

test('every section of the note is there, in its order', () => {
  expect(numbered.map((chapter) => Number.parseInt(chapter, 10))).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

describe.each(numbered.map((chapter, index) => ({ number: index + 1, chapter })))('section $number', (section) => {
  test('links the rules that name it as their source, and no others', () => {
    expect(linked(section.chapter)).toEqual(fromSection(section.number));
  });

  test('says something besides', () => {
    const words = section.chapter.split('\n').filter((line) => /^[A-Z]/.test(line));
    expect(words.join(' ').length).toBeGreaterThan(30);
    if (linked(section.chapter).length === 0) expect(section.chapter).toMatch(/No rule|no rule|Nothing to enforce/);
  });
});

test('rules from elsewhere are named at the end', () => {
  const others = rules.filter((rule) => noteSectionsOf(rule).length === 0).map(({ id }) => id);
  expect(rest.map(linked)).toEqual([others]);
});

test('every link leads to a file, and a rule is called by its id', () => {
  const links = [...page.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
  expect(links.filter(([, , target = '']) => !existsSync(join(docs, target)))).toEqual([]);
  expect(links.filter(([, text, target]) => target?.startsWith('rules/') && target !== `rules/${text}.md`)).toEqual([]);
});

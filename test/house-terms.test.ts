import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Words for which the house terms have another, and constructions that they do without. */
const forbidden = [
  /\bjudg\w*/gi,
  /\brefus\w*/gi,
  /\b(?:whoever|whomever|whatever|anybody|everybody|somebody|nobody)\b/gi,
  /\blets? (?:\w+ )?in\b/gi,
  /\b(?:put|puts|putting) (?:\w+ )?right\b/gi,
  /\b(?:make|makes|made|making) (?:\w+ )?anew\b/gi,
  /\btop owners?\b/gi,
  /\bwhat runs\b/gi,
  /, for (?:it|they|he|she|we|you|nothing|nothing else) \w+/gi,
];

/** Texts of others, names that must not change, and the denial, whose words users search for. */
const exceptions = [
  / is refused(?: by \S+ rules?| by \$\{count\}|, because)/g,
  /(?:kubelet|kernel|`kubectl drain`)\s+refuses?\b/g,
  /\brefused connection\b|ECONNREFUSED|connrefused/g,
  /\b\w+_refused_total\b/g,
  /[`']nobody['`]|\bor nobody\b/g,
  /\bJudgedFinding\b/g,
];

/** The documentation that people read. */
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'action.yml',
  'docs',
  'examples',
  'charts/podwright',
].flatMap((path) => filesIn(join(root, path)));

/** The code and its comments, without generated files. */
const sources = ['src', 'scripts']
  .flatMap((path) => filesIn(join(root, path)))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('built-in-validator.ts'));

test('documents use the house terms', () => {
  expect(documents.length).toBeGreaterThan(100);
  expect(documents.flatMap(foundIn)).toEqual([]);
});

test('sources use the house terms', () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.flatMap(foundIn)).toEqual([]);
});

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function foundIn(path: string): string[] {
  const text = exceptions.reduce((left, known) => left.replaceAll(known, ''), textOf(path));
  return forbidden.flatMap((words) => [...text.matchAll(words)].map(([found]) => `${relative(root, path)}: ${found}`));
}

/** The table of terms itself names the others; quoted names of tests are checked with the tests. */
function textOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('CONTRIBUTING.md')) return text.replaceAll(/^\|.*\|$/gm, '');
  return path.endsWith('reliability.md') ? text.replaceAll(/"[^"]*"|`[^`]*`/g, '') : text;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { evaluate } from '../src/engine/evaluate.ts';
import { embeddedPodsOf } from '../src/manifests/pod-template.ts';
import { defaultPolicy } from '../src/policy/default-policy.ts';
import { rules } from '../src/rules/index.ts';

const docs = join(import.meta.dirname, '../docs');
const recipes = join(import.meta.dirname, '../examples/recipes');
const page = readFileSync(join(docs, 'life-of-a-pod.md'), 'utf8');
const [, ...chapters] = page.split(/^## /m);

const linked = (text: string): Set<string> =>
  new Set([...text.matchAll(/\]\(rules\/([\w-]+)\.md\)/g)].map(([, id = '']) => id));

test('the steps come in the order of a life, then the recipes and all rules', () => {
  expect(chapters.map((chapter) => chapter.split('\n')[0])).toEqual([
    '1. Admission',
    '2. Scheduling',
    '3. Image pull',
    '4. Volumes and init containers',
    '5. Container start',
    '6. Probes',
    '7. Serving',
    '8. Update',
    '9. Eviction',
    '10. Termination',
    'Recipes',
    'All rules',
  ]);
});

test('every rule is linked at the end', () => {
  expect([...linked(chapters.at(-1) ?? '')].toSorted()).toEqual(rules.map(({ id }) => id));
});

test('every link leads to a file, and a rule is called by its id', () => {
  const links = [...page.matchAll(/\[([^\]]+)\]\(([^)#][^)]*)\)/g)];
  expect(links.filter(([, , target = '']) => !existsSync(join(docs, target)))).toEqual([]);
  expect(links.filter(([, text, target]) => target?.startsWith('rules/') && target !== `rules/${text}.md`)).toEqual([]);
});

describe.each(readdirSync(recipes))('recipe %s', (file) => {
  const text = readFileSync(join(recipes, file), 'utf8');

  test('is in the guide as it is in the file', () => {
    expect(page).toContain(`[examples/recipes/${file}](../examples/recipes/${file})\n\n\`\`\`yaml\n${text}\`\`\`\n`);
  });

  test('has no finding under the preset recommended', () => {
    const policy = defaultPolicy(rules);
    const evaluated = embeddedPodsOf(parse(text)).map(({ source }) => evaluate(source, policy, { minor: 36 }));
    expect(evaluated.map(({ findings }) => findings)).toEqual([[]]);
  });
});

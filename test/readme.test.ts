import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { decide } from '../src/admission/decide.ts';
import { requestOf } from '../src/admission/review.ts';
import { evaluate } from '../src/engine/evaluate.ts';
import { applyPatch } from '../src/patch/apply-patch.ts';
import { defaultPolicy } from '../src/policy/default-policy.ts';
import { loadPolicy } from '../src/policy/load.ts';
import { rules } from '../src/rules/index.ts';
import type { SubjectSource } from '../src/subject/pod-subject.ts';
import { requestFor } from './support/requests.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const example = (name: string): string => readFileSync(join(root, 'examples', name), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);

const pod = parse(example('web.yaml')) as SubjectSource['pod'];
const world = { policy: defaultPolicy(rules), minor: 36 };

test('the Pod of the README is the example', () => {
  expect(pod).toMatchObject(parse(blocks('yaml')[0] ?? '') as object);
});

test('what the cluster stores is what the README shows', () => {
  const { patch } = evaluate({ pod }, world.policy, world);
  const shown = (blocks('diff')[0] ?? '').replaceAll(/^[+ ]/gm, '');
  expect(applyPatch(pod, patch)).toMatchObject(parse(shown) as object);
  const added = blocks('diff')[0]?.match(/^\+ +\S+: \S/gm) ?? [];
  expect(added).toHaveLength(5);
});

test('the denial is word for word what kubectl prints', () => {
  const { response } = decide('validate', requestFor(parse(example('denied.yaml'))), world);
  const [, shown] = /denied the request: (.*)/s.exec(blocks('text')[0] ?? '') ?? [];
  expect(`${response.status?.message}\n`).toBe(shown);
});

test('the review of the example is the example, as the API server sends it', () => {
  const request = requestOf(JSON.parse(example('review.json')));
  if (!('object' in request)) throw new Error(JSON.stringify(request));
  expect(request.object).toMatchObject(pod);
  expect(decide('mutate', request, world).patchOperations).toBe(6);
});

test.each(blocks('console'))(
  'the command prints this: %s',
  (block) => {
    const [, command = '', output] = /^\$ npm run --silent podwright -- ([^\n]*)\n(.*)/s.exec(block) ?? [];
    const run = (): string =>
      execFileSync(process.execPath, ['src/main.ts', ...command.split(' ')], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(outputOf(run)).toBe(output);
  },
  30_000,
);

test('the policy is valid', async () => {
  const policy = blocks('yaml').find((text) => text.includes('kind: Policy')) ?? '';
  expect(await loadPolicy(policy, rules)).not.toHaveProperty('problems');
});

/** Also of a command that ends with findings. */
function outputOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

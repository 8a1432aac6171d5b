import { expect, test } from 'vitest';
import { type Edit, set } from '../../../src/patch/edits.ts';
import { type Pointer, pointer } from '../../../src/patch/pointer.ts';
import { madeUpRule, worldOf } from '../made-up-rule.ts';
import { goodPod, reviewText, startApp } from '../support.ts';

/** Finds fault with every Pod, and has this to put it right. */
const ruleWith = (id: string, path: Pointer, fix: () => Edit[]) =>
  madeUpRule(id, { check: () => [{ path, message: 'is not so; make it so', fix }] });

const image = pointer('spec', 'containers', 0, 'image');
const [text, within] = [pointer('metadata', 'name'), pointer('metadata', 'name', 'first')];

test.each([
  ['whose edits contradict each other', [() => [set(image, 'one:1')], () => [set(image, 'two:2')]]],
  ['that writes into what cannot hold it', [() => [set(within, 'w')]]],
  ['that throws', [() => failing()]],
])('a patch %s is dropped, logged and counted, and the Pod is admitted unchanged', async (_what, fixes) => {
  const rules = fixes.map((fix, index) => ({ rule: ruleWith(`made-up-${index}`, text, fix), fix: true }));
  const { client, lines, valueOf } = await startApp({ world: worldOf(rules) });
  const { status, text: answer } = await client.post('/mutate', reviewText(goodPod));
  const { response } = JSON.parse(answer) as { response: object };
  expect({ status, response }).toMatchObject({ status: 200, response: { uid: 'uid-1', allowed: true } });
  expect(response).not.toHaveProperty('patch');
  expect(await valueOf('rejected_patches_total')).toBe(1);
  expect(lines.filter(({ level }) => level === 'error').map(({ msg }) => msg)).toEqual([
    'withheld a patch that would not apply; please report this',
  ]);
});

function failing(): Edit[] {
  throw new Error('no such field');
}

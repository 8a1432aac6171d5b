import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Evaluation, evaluate } from '../../src/engine/evaluate.ts';
import { newestMinor } from '../../src/engine/plan.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import { acceptedPod } from '../support/accepted-pods.ts';
import type { PlainPod } from '../support/made-valid.ts';
import { expectMinimal } from '../support/minimal-patch.ts';
import { everythingOn } from '../support/policies.ts';
import { type Answer, type ApiServer, connect } from './support/api-server.ts';

const namespace = 'all-fixes';
const bold = everythingOn();
/** Repairs what an earlier repair must prepare: a user other than root before its capabilities go. */
const careful: Policy = {
  ...bold,
  rules: bold.rules.map((one) =>
    one.rule.id === 'drop-all-capabilities' ? { ...one, options: { fixAll: false } } : one,
  ),
};
const fixable = bold.rules.filter(({ rule }) => rule.fix && !rule.fix.manifestsOnly).map(({ rule }) => rule.id);

let api: ApiServer;

beforeAll(async () => {
  api = await connect(inject('kubeconfig'), 24);
  await api('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  // the controller would make it too, later
  await api('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
});

afterAll(async () => {
  await api('DELETE', `/api/v1/namespaces/${namespace}`);
});

test('all fixes together leave a Pod that the API server accepts, and nothing to repair', async () => {
  const refused: string[] = [];
  const fixedBy = new Set<string>();
  let accepted = 0;
  const repaired = async (given: PlainPod, policy: Policy, byController: boolean): Promise<void> => {
    const evaluated = (pod: object): Evaluation => evaluate({ pod }, policy, { minor: newestMinor, byController });
    const { code, body: stored } = await create(given);
    if (code >= 300) {
      refused.push(stored.message ?? '');
      return;
    }
    accepted++;
    const first = evaluated(stored);
    expect([first.rejectedPatch, first.failures]).toEqual([undefined, []]);
    expectMinimal(first.patch, stored);
    const pod = applyPatch(stored, first.patch) as PlainPod;
    const { body: after } = await create(pod);
    expect(after.message).toBeUndefined();
    expect(after.spec).toEqual(pod.spec);
    const second = evaluated(after);
    expect(second.patch).toEqual([]);
    expect(second.findings.filter(({ repairable }) => repairable)).toEqual([]);
    const left = first.findings.filter(({ fixed }) => !fixed);
    expect(placesOf(second.findings)).toEqual(placesOf(left));
    for (const id of first.fixedRules) fixedBy.add(id);
  };
  // many at a time, because the API server answers many at a time
  const pods = fc.array(fc.tuple(acceptedPod, fc.constantFrom(bold, careful), fc.boolean()), {
    minLength: 1,
    maxLength: 40,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(pods, async (batch) => {
      await Promise.all(batch.map((one) => repaired(...one)));
    }),
    { numRuns: 20 },
  );
  console.info(`${accepted} Pods`);
  expect(refused.length, refused.join('\n')).toBeLessThan(accepted / 20);
  expect([...fixedBy].toSorted()).toEqual(fixable);
});

const placesOf = (findings: Evaluation['findings']): string[] => findings.map(({ rule, path }) => `${rule.id} ${path}`);

/** What the API server would store, or its `Status`. */
function create({ metadata, spec }: PlainPod): Promise<Answer & { readonly body: PlainPod }> {
  const { name, labels, annotations, ownerReferences } = metadata;
  const object = { metadata: { name, labels, annotations, ownerReferences }, spec };
  return api('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, object) as ReturnType<typeof create>;
}

import { expect, test } from 'vitest';
import { OutOfTime } from '../../src/engine/circumstances.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { planOf } from '../../src/engine/plan.ts';
import { noSightings, sightingsOf } from '../../src/engine/sightings.ts';
import { countOf, maxRepairs } from '../../src/engine/tally.ts';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { everythingOn } from '../support/policies.ts';

const policy = everythingOn();
const circumstances = { minor: 36 };
const podOf = (containers: number, container: object = {}) => ({
  metadata: { name: 'web' },
  spec: {
    containers: Array.from({ length: containers }, (_, index) => ({ name: `c${index}`, image: 'web:1', ...container })),
  },
});
const privileged = { securityContext: { privileged: true } };

test('per rule and fate 20 findings are kept, and the last one counts the rest', () => {
  const { findings } = evaluate({ pod: podOf(45, privileged) }, policy, circumstances);
  const own = findings.filter(({ rule }) => rule.id === 'no-privileged-containers');
  expect(own.map(({ container, more }) => [container, more])).toContainEqual(['c19', 25]);
  expect([own.length, countOf(own), own.at(-1)?.more]).toEqual([20, 45, 25]);
});

test('exempt findings do not crowd out those that count', () => {
  const exemption = {
    name: 'known',
    rules: ['*'],
    match: { images: ['docker.io/library/web'] },
    reason: 'r',
    owner: 'o',
  };
  const pod = podOf(45, privileged);
  pod.spec.containers.push({ name: 'other', image: 'evil:1', ...privileged });
  const { findings } = evaluate(
    { pod },
    { ...policy, exemptions: [exemption] },
    {
      ...circumstances,
      origin: { namespace: { name: 'shop', labels: {} }, workloads: [] },
    },
  );
  const own = findings.filter(({ rule }) => rule.id === 'no-privileged-containers');
  expect(countOf(own.filter(({ exemption: by }) => by === undefined))).toBe(1);
  expect(countOf(own.filter(({ exemption: by }) => by !== undefined))).toBe(45);
});

test('findings beyond those that are kept are repaired too', () => {
  const { patch, findings } = evaluate({ pod: podOf(45) }, policy, circumstances);
  const escalation = patch.filter(({ path }) => path.endsWith('/securityContext'));
  expect(escalation.length).toBeGreaterThanOrEqual(45);
  const own = findings.filter(({ rule }) => rule.id === 'no-privilege-escalation');
  expect([countOf(own), own.every(({ fixed }) => fixed)]).toEqual([45, true]);
});

test('a Pod that needs too many repairs is evaluated without them, and says so', () => {
  const { patch, isBeyondRepair, findings } = evaluate({ pod: podOf(maxRepairs + 1) }, policy, circumstances);
  expect([patch, isBeyondRepair]).toEqual([[], true]);
  expect(findings.some(({ fixed }) => fixed)).toBe(false);
});

test('the time limit is checked before the findings of each rule', () => {
  const pod = subjectOf({ pod: podOf(1) });
  const context = planOf(policy).contextFor(circumstances);
  const looks = planOf(policy).rules.filter(({ setting }) => {
    const found = sightingsOf(setting, pod, { ...context, namespace: undefined, workloads: [] });
    return found !== noSightings && !('notApplicable' in found);
  }).length;
  expect(looks).toBeGreaterThan(30);
  let left = looks;
  const checkTime = (): void => {
    if (left-- === 0) throw new OutOfTime();
  };
  const final = { ...circumstances, final: true, checkTime };
  expect(evaluate({ pod: podOf(1) }, policy, final).failures).toEqual([]);
  left = looks - 1;
  expect(() => evaluate({ pod: podOf(1) }, policy, final)).toThrow(OutOfTime);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../../src/engine/plan.ts';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { type RareField, rareFields } from '../../src/subject/rare-fields.ts';
import { acceptedPod } from '../support/accepted-pods.ts';
import { everythingOn } from '../support/policies.ts';
import { casesOf, sourceOf } from '../support/rule-cases.ts';

const policy = everythingOn();
const limited = policy.rules.filter(({ rule }) => rule.onlyWith !== undefined);
const context = { ...planOf(policy).contextFor({ minor: 36 }), namespace: 'shop', workloads: [] };

test('a rule finds nothing in a Pod without the fields for which it is skipped', () => {
  const skipped = new Set<string>();
  fc.assert(
    fc.property(acceptedPod, (given) => {
      const pod = subjectOf({ pod: JSON.parse(JSON.stringify(given)) });
      for (const { rule, options } of limited) {
        if (pod.mayHave(rule.onlyWith ?? [])) continue;
        skipped.add(rule.id);
        expect([rule.id, ...rule.check(pod, options, context)]).toEqual([rule.id]);
      }
    }),
  );
  expect([...skipped].toSorted()).toEqual(limited.map(({ rule }) => rule.id).toSorted());
});

test('each of these fields alone gives a finding in some case of the fixture', () => {
  const unproven = limited.flatMap(({ rule }) => {
    const bad = casesOf(rule.id).filter(({ findings }) => findings.length > 0);
    const pods = bad.map((one) => subjectOf(sourceOf(one)));
    const isProven = (field: RareField): boolean =>
      pods.some((pod) => pod.mayHave([field]) && !pod.mayHave(rule.onlyWith?.filter((other) => other !== field) ?? []));
    return rule.onlyWith?.filter((field) => !isProven(field)).map((field) => `${rule.id}: ${field}`) ?? [];
  });
  expect(unproven).toEqual([]);
});

test('every rare field is one for which a rule is skipped', () => {
  const named = new Set(limited.flatMap(({ rule }) => rule.onlyWith ?? []));
  expect([...named].toSorted()).toEqual([...rareFields]);
});

test.each<[RareField, object]>([
  ['PodSpec.hostPID', { hostPID: false }],
  ['ContainerPort.hostPort', { containers: [{}, { ports: [{ hostPort: 0 }] }] }],
  ['TCPSocketAction.host', { initContainers: [{ lifecycle: { preStop: { tcpSocket: { host: '' } } } }] }],
  ['SecurityContext.procMount', { ephemeralContainers: [{ securityContext: { procMount: 'Default' } }] }],
])('%s is seen where it is set, and nothing else', (field, spec) => {
  const pod = subjectOf({ pod: { spec } });
  const seen = rareFields.filter((rare) => pod.mayHave([rare]));
  expect(seen).toEqual('ephemeralContainers' in spec ? ['PodSpec.ephemeralContainers', field] : [field]);
});

test('a Pod with values of a wrong type may have every field', () => {
  const pod = subjectOf({ pod: { spec: { hostname: null, containers: [] } } });
  expect(rareFields.filter((rare) => pod.mayHave([rare]))).toEqual([...rareFields]);
});

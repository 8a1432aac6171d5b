import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, fixedAnnotation } from '../../src/engine/evaluate.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import type { PatchOperation } from '../../src/patch/json-patch.ts';
import { everythingOn, withOptions } from '../support/policies.ts';

/** What an arbitrary gives. */
type Generated<A> = A extends fc.Arbitrary<infer T> ? T : never;
interface Pod {
  readonly metadata: Record<string, unknown>;
  readonly spec: { readonly containers: readonly { readonly lifecycle?: object }[] };
}

const hook = fc.constantFrom(
  undefined,
  ...[5, 10, 15, 20, 35].map((seconds) => ({ sleep: { seconds } })),
  { exec: { command: ['sleep', '10'] } },
  { exec: { command: ['sh', '-c', 'sleep 15; drain'] } },
);
const container = fc.record({ preStop: hook, serves: fc.boolean() });
const podOf = (containers: readonly Generated<typeof container>[], spec: object, annotations: object): Pod => ({
  metadata: {
    name: 'web-1',
    annotations,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true }],
  },
  spec: {
    ...spec,
    containers: containers.map(({ preStop, serves }, index) => ({
      name: `c${index}`,
      image: 'registry.example/app:1.0',
      ...(serves && { ports: [{ containerPort: 80 + index }] }),
      ...(preStop && { lifecycle: { preStop } }),
    })),
  },
});

const pod = fc
  .tuple(
    fc.array(container, { minLength: 2, maxLength: 4 }),
    fc.constantFrom({}, ...[10, 25, 30, 35, 40, 45, 50].map((seconds) => ({ terminationGracePeriodSeconds: seconds }))),
    fc.constantFrom({}, { [fixedAnnotation]: 'pre-stop-sleep' }, { [fixedAnnotation]: 'grace-period-covers-pre-stop' }),
  )
  .map(([containers, spec, annotations]) => podOf(containers, spec, annotations));
/** Every fix, with each combination of these options. */
const policies = [0, 20, 40].flatMap((shutdown) =>
  [5, 10].flatMap((seconds) =>
    [40, 300].map((maxGracePeriod) =>
      withOptions(everythingOn(), {
        'pre-stop-sleep': { seconds, maxGracePeriod },
        'grace-period-covers-pre-stop': { shutdown },
      }),
    ),
  ),
);
const policy = fc.constantFrom(...policies);
const patchOf = (before: Pod, under: Policy): readonly PatchOperation[] =>
  evaluate({ pod: before }, under, { minor: 36 }).patch;
const repaired = (before: Pod, patch: readonly PatchOperation[]): Pod => applyPatch(before, patch) as Pod;
const sleeps = ({ spec }: Pod): unknown[] =>
  spec.containers.map(({ lifecycle }) => lifecycle && JSON.stringify(lifecycle));

describe('whatever sleeps the containers of a Pod have', () => {
  test('a second call finds nothing to repair', () => {
    fc.assert(
      fc.property(pod, policy, (before, chosen) => {
        expect(patchOf(repaired(before, patchOf(before, chosen)), chosen)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('a sleep of its author is kept in the first call', () => {
    fc.assert(
      fc.property(pod, policy, (made, chosen) => {
        const before = { ...made, metadata: { ...made.metadata, annotations: {} } };
        const after = repaired(before, patchOf(before, chosen));
        const kept = sleeps(before).map((sleep, index) => sleep ?? sleeps(after)[index]);
        expect(sleeps(after)).toEqual(kept);
      }),
      { numRuns: 500 },
    );
  });
});

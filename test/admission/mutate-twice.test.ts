import { expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import type { PatchOperation } from '../../src/patch/json-patch.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { everythingOn } from '../support/policies.ts';
import { podObject, requestFor } from '../support/requests.ts';
import { casesOf, sourceOf } from '../support/rule-cases.ts';

const replicaSetController = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] };
const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true }];
const pods = rules.flatMap(({ id }) => casesOf(id).map((one) => sourceOf(one).pod));

test.each([
  ['the built-in policy', defaultPolicy(rules)],
  ['every fix', everythingOn()],
])('under %s, no Pod of the fixtures is patched again when the webhook is called again', (_, policy) => {
  const patchOf = (pod: object, byController: boolean): PatchOperation[] => {
    const request = requestFor(pod, byController ? { userInfo: replicaSetController } : {});
    const { patch } = decide('mutate', request, { policy, minor: 36 }).response;
    return patch === undefined ? [] : JSON.parse(Buffer.from(patch, 'base64').toString());
  };
  let patched = 0;
  const again = [false, true].flatMap((byController) =>
    pods.flatMap(({ metadata, spec }) => {
      const owner = byController ? { ownerReferences } : {};
      const pod = podObject(spec as object, { ...(metadata as object), ...owner });
      const first = patchOf(pod, byController);
      if (first.length > 0) patched++;
      return patchOf(applyPatch(pod, first) as object, byController);
    }),
  );
  expect(again).toEqual([]);
  expect(patched).toBeGreaterThan(100);
});

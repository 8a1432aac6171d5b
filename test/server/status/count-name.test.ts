import { expect, test } from 'vitest';
import type { Decision } from '../../../src/admission/decision.ts';
import { countNameOf } from '../../../src/server/status/count-name.ts';

type Asked = Pick<Decision, 'webhook' | 'verdict' | 'patchOperations'> & { readonly dryRun?: boolean };

test.each<[string | undefined, Asked]>([
  ['allowed', { webhook: 'pods.validate.podwright.dev', verdict: 'allow', patchOperations: 0 }],
  ['allowed', { webhook: 'workloads.validate.podwright.dev', verdict: 'allow', patchOperations: 0 }],
  ['denied', { webhook: 'pods.validate.podwright.dev', verdict: 'deny', patchOperations: 0 }],
  ['wouldDeny', { webhook: 'pods.validate.podwright.dev', verdict: 'audit_deny', patchOperations: 0 }],
  ['repaired', { webhook: 'mutate.podwright.dev', verdict: 'allow', patchOperations: 2 }],
  [undefined, { webhook: 'mutate.podwright.dev', verdict: 'audit_deny', patchOperations: 0 }],
  ['denied', { webhook: 'mutate.podwright.dev', verdict: 'deny', patchOperations: 0 }],
  [undefined, { webhook: 'pods.validate.podwright.dev', verdict: 'deny', patchOperations: 0, dryRun: true }],
])('counts as %s: %j', (countName, { dryRun = false, ...decision }) => {
  expect(countNameOf({ ...decision, request: { dryRun } as Decision['request'] })).toBe(countName);
});

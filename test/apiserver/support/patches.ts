import { expect } from 'vitest';
import { appliedPatches, auditEvents } from './audit-log.ts';
import type { Podwright } from './podwright.ts';

/**
 * Expects that the API server applied every patch that Podwright sent for new Pods of the namespace, and that Podwright
 * dropped none. A patch that does not apply refuses the Pod, whatever the failure policy.
 */
export async function expectAllPatchesApplied(
  { answered, decisions, metrics }: Podwright,
  namespace: string,
): Promise<void> {
  await answered();
  const sent = decisions.filter(
    (one) => one.namespace === namespace && one.operation === 'CREATE' && one.patchOperations > 0,
  );
  expect(sent.length).toBeGreaterThan(0);
  expect(await appliedPatches(namespace)).toBe(sent.length);
  const failed = (await auditEvents(namespace)).filter(({ responseStatus }) => responseStatus.code >= 500);
  expect(failed).toEqual([]);
  expect(await metrics()).toContain('\npodwright_rejected_patches_total 0\n');
}

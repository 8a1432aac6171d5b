import type { AdmissionRequest } from '../../src/admission/review.ts';
import { deepFreeze } from './deep-freeze.ts';

/** A request to create a Pod by an ordinary user, with what a test needs otherwise. */
export function requestFor(object: unknown, overrides: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return deepFreeze({
    uid: 'f0d9c1b2-0000-4000-8000-000000000001',
    kind: kindOf(object),
    subResource: '',
    name: '',
    namespace: 'shop',
    operation: 'CREATE',
    userInfo: { username: 'alice', groups: ['system:authenticated'] },
    dryRun: false,
    object,
    ...overrides,
  });
}

/** A Pod as the API server sends it, with this spec. */
export const podObject = (spec: object, metadata: object = { name: 'web' }): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', ...metadata },
  spec,
  status: {},
});

export const deploymentObject = (spec: object, metadata: object = {}): Record<string, unknown> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { replicas: 1, template: { metadata: { labels: { app: 'web' } }, spec } },
});

function kindOf(object: unknown): AdmissionRequest['kind'] {
  const { apiVersion = 'v1', kind = 'Pod' } = (object ?? {}) as { apiVersion?: string; kind?: string };
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group: group ?? '', version: version ?? '', kind };
}

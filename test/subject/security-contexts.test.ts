import { expect, test } from 'vitest';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { securityContextsOf } from '../../src/subject/security-contexts.ts';

const pod = {
  spec: {
    securityContext: { runAsUser: 0, runAsGroup: 0 },
    containers: [{ name: 'app' }],
    ephemeralContainers: [
      { name: 'debug-1', securityContext: { runAsUser: 1 } },
      { name: 'debug-2', securityContext: null },
    ],
  },
};

test("the Pod's own and those of all containers, each as it stands", () => {
  const views = securityContextsOf(subjectOf({ pod }));
  expect(views.map(({ security, container, at }) => ({ security, container, path: at('runAsUser') }))).toEqual([
    { security: { runAsUser: 0, runAsGroup: 0 }, container: undefined, path: '/spec/securityContext/runAsUser' },
    { security: {}, container: 'app', path: '/spec/containers/0/securityContext/runAsUser' },
    {
      security: { runAsUser: 1 },
      container: 'debug-1',
      path: '/spec/ephemeralContainers/0/securityContext/runAsUser',
    },
    { security: {}, container: 'debug-2', path: '/spec/ephemeralContainers/1/securityContext/runAsUser' },
  ]);
});

test('new ephemeral containers stand for what they inherit, because the Pod can no longer change', () => {
  const newEphemeralContainers = new Set(['debug-1', 'debug-2']);
  const views = securityContextsOf(subjectOf({ pod, newEphemeralContainers }));
  expect(views.map(({ security, container }) => ({ security, container }))).toEqual([
    { security: { runAsUser: 1, runAsGroup: 0 }, container: 'debug-1' },
    { security: { runAsUser: 0, runAsGroup: 0 }, container: 'debug-2' },
  ]);
});

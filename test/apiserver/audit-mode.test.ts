import { beforeAll, expect, test } from 'vitest';
import { creationEvents, ownAnnotations } from './support/audit-log.ts';
import { type Kubectl, kubectlIn } from './support/kubectl.ts';
import { type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'audit-mode';
const policy = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
mode: audit
rules:
  no-privilege-escalation: { mode: enforce, fix: true }
  require-cpu-request: { mode: enforce }
`;
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright(policy, { enforce: false });
  return podwright.stop;
});

const bad = (name: string) => pod(name, { container: { resources: {} } });

test('under mode audit a bad Pod passes unchanged and unnoticed, and is recorded with the patch it would get', async () => {
  const created = await kubectl.send(bad('bad'), 'create', '-f', '-');
  expect(created).toEqual({ code: 0, stdout: 'pod/bad created\n', stderr: '' });
  const { metadata, spec } = await kubectl.get('pod', 'bad');
  expect(metadata.annotations).toBeUndefined();
  expect(spec.containers[0]).not.toHaveProperty('securityContext');
  const events = (await creationEvents(namespace)).filter(({ objectRef }) => objectRef.name === 'bad');
  expect(events.map(ownAnnotations)).toMatchInlineSnapshot(`
    [
      {
        "mutate.podwright.dev/patch": "[{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}},{"op":"add","path":"/metadata/annotations","value":{"podwright.dev/fixed":"no-privilege-escalation"}}]",
        "pods.validate.podwright.dev/findings": "require-cpu-request",
        "pods.validate.podwright.dev/fixed": "no-privilege-escalation",
        "pods.validate.podwright.dev/verdict": "audit_deny",
      },
    ]
  `);
});

test('a Pod is admitted when no replica answers', async () => {
  await podwright.kill();
  const created = await kubectl.send(bad('alone'), 'create', '-f', '-');
  expect(created).toEqual({ code: 0, stdout: 'pod/alone created\n', stderr: '' });
});

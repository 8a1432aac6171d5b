import { auditObject } from '../../src/audit/audit-report.ts';
import { passedBy } from '../../src/audit/roll-up/scanned-owner.ts';
import type { ScannedSubject } from '../../src/audit/scanned-subject.ts';
import { surroundingsOf } from '../../src/audit/surroundings.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { kubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { onlyRules } from './policies.ts';

const surroundings = surroundingsOf([], { minor: 36, now: 0, defaultNamespace: 'default' });

/** A Deployment in `shop` whose template has the spec. */
export function deploymentOf(name: string, spec: object): object {
  const template = { metadata: { labels: { app: name } }, spec };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec: { template } };
}

/** What a scan makes of an object that is a top owner, of which two Pods run. */
export function scanned(value: object, policy: Policy, uid: string): ScannedSubject {
  const object = kubernetesObject(value);
  const [audited] = object === undefined ? [] : auditObject({ object }, policy, surroundings);
  if (audited === undefined) throw new Error('there is no Pod in the object');
  return {
    ...audited,
    namespace: audited.object.namespace ?? 'default',
    uid,
    messages: audited.policy.messages,
    passed: passedBy(audited.policy, new Set(audited.findings.map(({ rule }) => rule))),
    pods: 2,
    stopsAtRestart: audited.verdict === 'deny',
    findings: audited.findings.map((finding) => ({ ...finding, inTemplate: true, pods: 2 })),
    failures: audited.evaluation.failures,
    rejectedPatch: audited.evaluation.rejectedPatch,
  };
}

const onePolicy = onlyRules(['no-privileged-containers']);

/** A subject with a finding for every name of a container, of two rules that `policy` may change. */
export function scannedDeployment(
  name: string,
  containers: readonly string[],
  policy: Policy = onePolicy,
): ScannedSubject {
  const spec = {
    containers: [
      { name: 'good', image: 'example.com/good:1' },
      ...containers.map((each) => ({
        name: each,
        image: `example.com/${each}:1`,
        securityContext: { privileged: true },
      })),
    ],
  };
  return scanned(deploymentOf(name, spec), policy, `uid-of-${name}`);
}

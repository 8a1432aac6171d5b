import { decide } from '../../../src/admission/decide.ts';
import type { AdmissionRequest } from '../../../src/admission/review.ts';
import { reportOf } from '../../../src/audit/policy-report.ts';
import { openRollUp } from '../../../src/audit/roll-up/roll-up.ts';
import { surroundingsOf } from '../../../src/audit/surroundings.ts';
import type { Exemption } from '../../../src/engine/exemption.ts';
import { kubernetesObject } from '../../../src/manifests/kubernetes-object.ts';
import { everythingOn } from '../../support/policies.ts';
import { deploymentObject, requestFor } from '../../support/requests.ts';

/** A Pod as it is given: `metadata` and `spec`. */
export type GivenPod = Readonly<Record<string, unknown>>;

const exemption = (rules: string[], match: Exemption['match']): Exemption => ({
  name: 'known',
  rules,
  match,
  reason: 'r',
  owner: 'o',
});
const exemptions = [
  exemption(['no-host-ports', 'named-ports'], { images: ['registry.example/*'] }),
  exemption(['*'], { containers: ['Bad_1*', 'e1*'] }),
];
const world = { minor: 36, now: 0, namespaceLabels: {}, limitDefaults: [] };
const enforced = { ...world, policy: everythingOn({ existing: 'audit' }) };
const audited = { ...world, policy: everythingOn({ mode: 'audit' }) };
const exempting = { ...world, policy: everythingOn({ exemptions }) };
const surroundings = surroundingsOf([], { minor: 36, now: 0, defaultNamespace: 'shop' });

/** Evaluates the Pod in every way in which a Pod or its template comes to be evaluated. */
export function evaluateEverywhere(pod: GivenPod): void {
  const object = { apiVersion: 'v1', kind: 'Pod', ...pod };
  const template = deploymentObject({});
  const workload = { ...template, spec: { template: pod } };
  const spec = pod['spec'] as { readonly containers: readonly object[] };
  const [first, ...others] = spec.containers;
  const before = { ...spec, containers: [{ ...first, image: 'registry.example/app:0' }, ...others] };
  const { ephemeralContainers: _, ...without } = before as typeof before & { ephemeralContainers?: unknown };
  const update = (old: object, subResource = ''): Partial<AdmissionRequest> => ({
    operation: 'UPDATE',
    subResource,
    oldObject: { ...object, spec: old },
  });
  const oldObject = { ...workload, spec: { template: { ...pod, spec: before } } };
  for (const given of [enforced, audited]) {
    decide('mutate', requestFor(object), given);
    decide('validate', requestFor(object), given);
    decide('validate', requestFor(workload), given);
  }
  decide('mutate', requestFor(object), exempting);
  decide('validate', requestFor(object, update(before)), exempting);
  decide('validate', requestFor(object, update(before)), enforced);
  decide('validate', requestFor(object, update(before, 'resize')), enforced);
  decide('validate', requestFor(workload, { operation: 'UPDATE', oldObject }), enforced);
  const added = requestFor(object, update(without, 'ephemeralcontainers'));
  decide('mutate', added, enforced);
  decide('validate', added, enforced);
  const rollUp = openRollUp('shop', exempting.policy, surroundings);
  for (const each of [workload, object].flatMap((content) => kubernetesObject(content) ?? []))
    if (each.kind === 'Pod') rollUp.addPod(each);
    else rollUp.addWorkload(each);
  for (const subject of rollUp.subjects()) reportOf(subject);
}

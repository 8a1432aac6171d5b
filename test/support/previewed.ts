import { type Preview, previewOf } from '../../src/audit/preview/preview.ts';
import { previewPolicies } from '../../src/audit/preview/preview-policies.ts';
import { matchSubjects } from '../../src/audit/roll-up/match-subjects.ts';
import { openRollUp } from '../../src/audit/roll-up/roll-up.ts';
import type { ScannedSubject } from '../../src/audit/scanned-subject.ts';
import { surroundingsOf } from '../../src/audit/surroundings.ts';
import type { Exemption } from '../../src/engine/exemption.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { kubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { addOnExemptions } from '../../src/policy/add-on-exemptions.ts';

const surroundings = surroundingsOf([], { minor: 36, now: Date.UTC(2026, 0, 1), defaultNamespace: 'default' });

/** An object as the API server keeps it; its uid is made of its kind and name. */
export function stored(apiVersion: string, kind: string, at: string, content: object): object {
  const [namespace, name] = at.split('/');
  return { apiVersion, kind, metadata: { namespace, name, uid: `${kind}/${at}` }, ...content };
}

/** A workload of replicas, and one Pod of it, which may be other than its template. */
export function running(kind: 'Deployment' | 'DaemonSet', at: string, spec: object, podSpec: object = spec): object[] {
  const [namespace, name] = at.split('/');
  const ownedBy = (owner: string) => ({
    ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name, uid: `${owner}/${at}`, controller: true }],
  });
  const template = { spec: { template: { spec } } };
  const replicaSet = { namespace, name, uid: `ReplicaSet/${at}`, ...ownedBy('Deployment') };
  const pod = { namespace, name: `${name}-1`, uid: `Pod/${at}` };
  return [
    stored('apps/v1', kind, at, template),
    ...(kind === 'Deployment'
      ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: replicaSet, ...template }]
      : []),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...pod, ...ownedBy(kind === 'Deployment' ? 'ReplicaSet' : kind) },
      spec: podSpec,
    },
  ];
}

/** What a scan makes of the objects under each policy. */
function scanned(objects: readonly object[], policies: readonly Policy[]): ScannedSubject[][] {
  const all = objects.flatMap((object) => kubernetesObject(object) ?? []);
  return [...Map.groupBy(all, ({ namespace = '' }) => namespace)].flatMap(([namespace, own]) => {
    const rollUps = policies.map((policy) => openRollUp(namespace, policy, surroundings));
    for (const object of own)
      for (const rollUp of rollUps) {
        if (object.kind === 'Pod') rollUp.addPod(object);
        else rollUp.addWorkload(object);
      }
    return matchSubjects(rollUps.map((rollUp) => rollUp.subjects()));
  });
}

/** The preview of a policy for these objects, compared with another one where that is given. */
export function previewed(objects: readonly object[], policy: Policy, before?: Policy, written = policy): Preview {
  const question = { policy, written, before, addOns: addOnExemptions, surroundings };
  const { policies, previewed } = previewPolicies(question);
  return previewOf(scanned(objects, policies).map(previewed), question);
}

export const exemption = (name: string, rules: readonly string[], match: Exemption['match']): Exemption => ({
  name,
  rules,
  match,
  reason: 'for the test',
  owner: 'team-test',
});

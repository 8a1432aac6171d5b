import { compare } from '../engine/compare.ts';
import { isDenied } from '../engine/fate.ts';
import { byWeight } from '../engine/judge.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../subject/pod-types.ts';
import type { AuditedSubject, AuditFinding } from './audit-report.ts';
import type { ScannedSubject } from './scanned-subject.ts';

/**
 * Objects of a subject that are admitted only if their owner reference is trusted. Kubernetes creates no objects for
 * owners of this kind, so an operator does, and the policy has to list its account.
 */
export interface OwnerClaim {
  readonly owner: Pick<OwnerReference, 'apiVersion' | 'kind' | 'name'>;
  /** The objects as `Kind/name`. */
  readonly objects: readonly string[];
  /** The names in `managedFields` of the programs that wrote the objects. */
  readonly managers: readonly string[];
  /** The findings for which they would be denied. */
  readonly findings: readonly AuditFinding[];
}

/** A subject's claim while its objects are being added. */
export interface OpenClaim {
  /** Adds an object that is denied unless its owner reference is trusted. */
  add(object: KubernetesObject, owner: OwnerReference, doubted: AuditedSubject): void;
  claim(): OwnerClaim | undefined;
}

export function openClaim(): OpenClaim {
  let owner: OwnerClaim['owner'] | undefined;
  const objects = new Set<string>();
  const managers = new Set<string>();
  const findings = new Map<string, AuditFinding>();
  return {
    add(object, { apiVersion, kind, name }, { findings: found }) {
      owner ??= { apiVersion, kind, name };
      objects.add(`${object.kind}/${object.name}`);
      for (const manager of managersOf(object)) managers.add(manager);
      for (const finding of found.filter(isDenied)) findings.set(keyOf(finding), finding);
    },
    claim: () =>
      owner && {
        owner,
        objects: [...objects].toSorted(compare),
        managers: [...managers].toSorted(compare),
        findings: [...findings.values()],
      },
  };
}

/** The subject's outcome if the owner reference is not trusted. */
export function withoutBelief(subject: ScannedSubject): ScannedSubject {
  if (subject.claim === undefined) return subject;
  const refused = new Map(subject.claim.findings.map((finding) => [keyOf(finding), finding]));
  const findings = subject.findings.map((finding) => {
    const doubted = refused.get(keyOf(finding));
    refused.delete(keyOf(finding));
    return doubted === undefined ? finding : { ...doubted, ...placeOf(finding) };
  });
  const added = [...refused.values()].map((finding) => ({ ...finding, inTemplate: true, pods: 0 }));
  return { ...subject, verdict: 'deny', findings: [...findings, ...added].toSorted(byWeight) };
}

const placeOf = ({ objectPath, inTemplate, pods }: ScannedSubject['findings'][number]) => ({
  objectPath,
  inTemplate,
  pods,
});

const keyOf = ({ rule, path }: AuditFinding): string => `${rule.id} ${path}`;

/** Field managers that are not operators: writers of status and replica counts, and people. */
const notOperators = /^(kubectl|kube-|kubelet|Mozilla|before-first-apply)/;

function managersOf({ content }: KubernetesObject): string[] {
  const { managedFields } = Object(content['metadata']) as { readonly managedFields?: unknown };
  if (!Array.isArray(managedFields)) return [];
  return managedFields.flatMap((entry: unknown) => {
    const { manager, subresource } = Object(entry) as { readonly manager?: unknown; readonly subresource?: unknown };
    return typeof manager === 'string' && !subresource && !notOperators.test(manager) ? [manager] : [];
  });
}

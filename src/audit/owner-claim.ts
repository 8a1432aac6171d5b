import { compare } from '../engine/compare.ts';
import { isDenied } from '../engine/fate.ts';
import { byWeight } from '../engine/judge.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../subject/pod-types.ts';
import type { AuditedSubject, AuditFinding } from './audit-report.ts';
import { withoutFix } from './scanned-findings.ts';
import type { ScannedSubject } from './scanned-subject.ts';

/**
 * Objects of a subject whose owner is believed of an operator that the policy lists, and of no one else: Kubernetes makes
 * nothing for owners of this kind.
 */
export interface OwnerClaim {
  readonly owner: Pick<OwnerReference, 'apiVersion' | 'kind' | 'name'>;
  /** The objects that only a listed operator may create, as `Kind/name`. */
  readonly refused: readonly string[];
  /** The names in `managedFields` of the programs that wrote the objects. */
  readonly managers: readonly string[];
  /** Their outcome if another account creates them. */
  readonly findings: readonly AuditFinding[];
}

/** A subject's claim while its objects are being added. */
export interface OpenClaim {
  /** Takes an object as it fares if its owner is not believed, and whether it is refused then and not otherwise. */
  add(object: KubernetesObject, owner: OwnerReference, doubted: DoubtedSubject): void;
  claim(): OwnerClaim | undefined;
}

/** An object without belief in its owner. */
export interface DoubtedSubject {
  readonly audited: AuditedSubject;
  readonly isRefused: boolean;
}

export function openClaim(): OpenClaim {
  let owner: OwnerClaim['owner'] | undefined;
  const refused = new Set<string>();
  const managers = new Set<string>();
  const findings = new Map<string, AuditFinding>();
  return {
    add(object, { apiVersion, kind, name }, { audited, isRefused }) {
      owner ??= { apiVersion, kind, name };
      if (isRefused) refused.add(`${object.kind}/${object.name}`);
      for (const manager of managersOf(object)) managers.add(manager);
      for (const finding of audited.findings) {
        const known = findings.get(keyOf(finding));
        if (known === undefined || (isDenied(finding) && !isDenied(known))) findings.set(keyOf(finding), finding);
      }
    },
    claim: () =>
      owner === undefined || (refused.size === 0 && findings.size === 0)
        ? undefined
        : {
            owner,
            refused: [...refused].toSorted(compare),
            managers: [...managers].toSorted(compare),
            findings: [...findings.values()].map(withoutFix),
          },
  };
}

/** The subject's outcome if the owner reference is not trusted. */
export function withoutBelief(subject: ScannedSubject): ScannedSubject {
  if (subject.claim === undefined) return subject;
  const left = new Map(subject.claim.findings.map((finding) => [keyOf(finding), finding]));
  const findings = subject.findings.map((finding) => {
    const doubted = left.get(keyOf(finding));
    left.delete(keyOf(finding));
    return doubted === undefined ? finding : { ...doubted, ...placeOf(finding) };
  });
  const added = [...left.values()].map((finding) => ({ ...finding, inTemplate: true, pods: 0 }));
  const verdict = subject.claim.refused.length > 0 ? 'deny' : subject.verdict;
  return { ...subject, verdict, findings: [...findings, ...added].toSorted(byWeight) };
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

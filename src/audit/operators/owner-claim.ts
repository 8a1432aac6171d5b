import { compare } from '../../engine/compare.ts';
import { isDenied } from '../../engine/fate.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';
import { type AuditedSubject, type AuditFinding, pathKeyOf, withoutFix } from '../audit-report.ts';
import type { OwnerClaim } from '../scanned-subject.ts';

/** A subject's claim while its objects are being added. */
export interface OpenClaim {
  /** Adds an object and its evaluation without trust in its owner reference. */
  add(object: KubernetesObject, owner: OwnerReference, untrusted: UntrustedSubject): void;
  claim(): OwnerClaim | undefined;
}

/** The evaluation of an object whose owner reference is not trusted. */
export interface UntrustedSubject {
  readonly audited: AuditedSubject;
  /** It is denied then, and not otherwise. */
  readonly isDeniedUntrusted: boolean;
}

/** A claim without objects. */
export function openClaim(): OpenClaim {
  let owner: OwnerClaim['owner'] | undefined;
  const denied = new Set<string>();
  const managers = new Set<string>();
  const findings = new Map<string, AuditFinding>();
  return {
    add(object, { apiVersion, kind, name }, { audited, isDeniedUntrusted }) {
      owner ??= { apiVersion, kind, name };
      if (isDeniedUntrusted) denied.add(`${object.kind}/${object.name}`);
      for (const manager of managersOf(object)) managers.add(manager);
      for (const finding of audited.findings) {
        const known = findings.get(pathKeyOf(finding));
        if (known === undefined || (isDenied(finding) && !isDenied(known))) findings.set(pathKeyOf(finding), finding);
      }
    },
    claim: () =>
      owner === undefined || (denied.size === 0 && findings.size === 0)
        ? undefined
        : {
            owner,
            denied: [...denied].toSorted(compare),
            managers: [...managers].toSorted(compare),
            findings: [...findings.values()].map(withoutFix),
          },
  };
}

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

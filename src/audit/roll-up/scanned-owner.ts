import { compare } from '../../engine/compare.ts';
import { stopsAtRestart } from '../../engine/fate.ts';
import { byWeight, type RuleFailure } from '../../engine/judge.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Rule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';
import type { AuditedSubject } from '../audit-report.ts';
import { type OpenClaim, openClaim } from '../operators/index.ts';
import { goesWithPod, type ScannedFinding, type ScannedSubject } from '../scanned-subject.ts';
import { openMergedFindings, type Witness } from './scanned-findings.ts';

/** A subject of a scan while its templates and Pods are being added. */
export interface ScannedOwner {
  add(audited: AuditedSubject, witness: Witness): void;
  /** A controller of Kubernetes recreates its Pods. */
  isKept(): void;
  /** An operator creates the object for it. */
  isParentOf(child: KubernetesObject): void;
  /** Adds findings for which it is denied unless its owner reference is trusted. */
  readonly claim: OpenClaim;
  subject(): ScannedSubject;
}

/** The subject of a top-level owner, before anything is added. */
export function openScannedOwner(
  { apiVersion, kind, name, uid }: Pick<OwnerReference, 'apiVersion' | 'kind' | 'name' | 'uid'>,
  namespace: string,
): ScannedOwner {
  const findings = openMergedFindings();
  const verdicts: Record<Witness, AuditedSubject['verdict'] | undefined> = {
    template: undefined,
    pod: undefined,
    managed: undefined,
    restarted: undefined,
  };
  const typeProblems: ScannedSubject['typeProblems'][number][] = [];
  let policy: AuditedSubject['policy'] | undefined;
  let podPath: ScannedSubject['podPath'] = '';
  let pods = 0;
  let kept = false;
  const claim = openClaim();
  const children = new Set<string>();
  const accounts = new Set<string>();
  const failures = new Map<Rule, RuleFailure>();
  let rejectedPatch: unknown;
  let patched: Pick<ScannedSubject, 'patch' | 'pod'> = { patch: [], pod: {} };

  const stops = (finding: ScannedFinding): boolean => !goesWithPod(finding) && stopsAtRestart(finding);
  return {
    claim,
    add(audited, witness) {
      ({ policy } = audited);
      const hasTemplate = verdicts.template !== undefined;
      if (witness === 'pod' || witness === 'restarted') {
        pods++;
        accounts.add(accountOf(audited, namespace));
      }
      if (witness === 'template' && !hasTemplate) ({ podPath } = audited);
      if (witness === 'template' || kind === 'Pod') typeProblems.push(...audited.typeProblems);
      if (patched.patch.length === 0 && (witness === 'template' || !hasTemplate)) patched = patchOf(audited);
      if (verdicts[witness] !== 'deny') verdicts[witness] = audited.verdict;
      findings.add(audited, witness);
      for (const failure of audited.evaluation.failures) failures.set(failure.rule, failure);
      rejectedPatch ??= audited.evaluation.rejectedPatch;
    },
    isKept() {
      kept = true;
    },
    isParentOf(child) {
      children.add(`${child.kind}/${child.name}`);
    },
    subject() {
      const all = findings.all().toSorted(byWeight);
      return {
        object: { apiVersion, kind, namespace, name },
        podPath,
        manifest: undefined,
        position: undefined,
        mode: policy?.mode ?? 'off',
        verdict: verdicts.template ?? worse(verdicts.pod, verdicts.managed) ?? verdicts.restarted ?? 'allow',
        children: verdicts.template === undefined ? [...children].toSorted(compare) : [],
        findings: all,
        typeProblems,
        namespace,
        uid,
        messages: policy?.messages ?? {},
        passed: passedBy(policy, new Set([...failures.keys(), ...all.map(({ rule }) => rule)])),
        pods,
        failures: [...failures.values()],
        rejectedPatch,
        stopsAtRestart: kept && all.some(stops),
        accounts: [...accounts],
        claim: claim.claim(),
        ...patched,
      };
    },
  };
}

/** The rules that are on and found nothing. */
export const passedBy = (policy: Policy | undefined, found: ReadonlySet<Rule>): ScannedSubject['passed'] =>
  (policy?.rules ?? []).filter(({ rule, mode }) => mode !== 'off' && !found.has(rule));

type Verdict = AuditedSubject['verdict'] | undefined;

const worse = (a: Verdict, b: Verdict): Verdict => (a === 'deny' ? a : (b ?? a));

const accountOf = ({ evaluation }: AuditedSubject, namespace: string): string =>
  `system:serviceaccount:${namespace}:${evaluation.subject.spec.serviceAccountName || 'default'}`;

/** The patch of enabled fixes and the Pod that it applies to; nothing is kept of a Pod without a patch. */
function patchOf({ evaluation: { patch }, source }: AuditedSubject): Pick<ScannedSubject, 'patch' | 'pod'> {
  if (patch.length === 0) return { patch, pod: {} };
  const { metadata, spec } = source.pod;
  const { managedFields: _, ...kept } = Object(metadata) as Readonly<Record<string, unknown>>;
  return { patch, pod: { metadata: kept, spec } };
}

/** The object's name as an owner itself. */
export const asOwner = ({ apiVersion, kind, name }: KubernetesObject, uid: string) => ({ apiVersion, kind, name, uid });

import { compare } from '../../engine/compare.ts';
import { stopsAtRestart } from '../../engine/fate.ts';
import type { Policy } from '../../engine/policy.ts';
import { byWeight, type RuleFailure } from '../../engine/round.ts';
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
  /** Notes that a controller of Kubernetes recreates its Pods. */
  markRecreated(): void;
  /** Adds an object that an operator creates for it. */
  addChild(child: KubernetesObject): void;
  /** Adds findings for which it is denied unless its owner reference is trusted. */
  readonly claim: OpenClaim;
  subject(): ScannedSubject;
}

/** How an owner reference names an owner. */
export type OwnerName = Pick<OwnerReference, 'apiVersion' | 'kind' | 'name' | 'uid'>;

/** The subject of a top-level owner, before anything is added. */
export function openScannedOwner({ apiVersion, kind, name, uid }: OwnerName, namespace: string): ScannedOwner {
  const findings = openMergedFindings();
  const claim = openClaim();
  const evaluated = openEvaluated(kind);
  const children = new Set<string>();
  const accounts = new Set<string>();
  let pods = 0;
  let kept = false;
  return {
    claim,
    add(audited, witness) {
      if (witness === 'pod' || witness === 'restarted') {
        pods++;
        accounts.add(accountOf(audited, namespace));
      }
      evaluated.add(audited, witness);
      findings.add(audited, witness);
    },
    markRecreated() {
      kept = true;
    },
    addChild(child) {
      children.add(`${child.kind}/${child.name}`);
    },
    subject() {
      const all = findings.all().toSorted(byWeight);
      return {
        object: { apiVersion, kind, namespace, name },
        manifest: undefined,
        position: undefined,
        children: evaluated.hasTemplate() ? [] : [...children].toSorted(compare),
        findings: all,
        namespace,
        uid,
        pods,
        stopsAtRestart: kept && all.some(stops),
        accounts: [...accounts],
        claim: claim.claim(),
        ...evaluated.result(all),
      };
    },
  };
}

const stops = (finding: ScannedFinding): boolean => !goesWithPod(finding) && stopsAtRestart(finding);

type EvaluatedParts = Pick<
  ScannedSubject,
  | 'podPath'
  | 'mode'
  | 'verdict'
  | 'typeProblems'
  | 'messages'
  | 'passed'
  | 'failures'
  | 'rejectedPatch'
  | 'patch'
  | 'pod'
>;

/** The parts of a subject that are taken from the evaluations of its templates and Pods, apart from findings. */
function openEvaluated(kind: string) {
  const verdicts: Partial<Record<Witness, AuditedSubject['verdict']>> = {};
  const typeProblems: ScannedSubject['typeProblems'][number][] = [];
  const failures = new Map<Rule, RuleFailure>();
  let policy: AuditedSubject['policy'] | undefined;
  let podPath: ScannedSubject['podPath'] = '';
  let rejectedPatch: unknown;
  let patched: Pick<ScannedSubject, 'patch' | 'pod'> = { patch: [], pod: {} };
  const hasTemplate = (): boolean => verdicts.template !== undefined;
  return {
    hasTemplate,
    add(audited: AuditedSubject, witness: Witness): void {
      ({ policy } = audited);
      if (witness === 'template' && !hasTemplate()) ({ podPath } = audited);
      if (witness === 'template' || kind === 'Pod') typeProblems.push(...audited.typeProblems);
      if (patched.patch.length === 0 && (witness === 'template' || !hasTemplate())) patched = patchOf(audited);
      if (verdicts[witness] !== 'deny') verdicts[witness] = audited.verdict;
      for (const failure of audited.evaluation.failures) failures.set(failure.rule, failure);
      rejectedPatch ??= audited.evaluation.rejectedPatch;
    },
    result: (findings: readonly ScannedFinding[]): EvaluatedParts => ({
      podPath,
      mode: policy?.mode ?? 'off',
      verdict: verdicts.template ?? worse(verdicts.pod, verdicts.managed) ?? verdicts.restarted ?? 'allow',
      typeProblems,
      messages: policy?.messages ?? {},
      passed: passedBy(policy, new Set([...failures.keys(), ...findings.map(({ rule }) => rule)])),
      failures: [...failures.values()],
      rejectedPatch,
      ...patched,
    }),
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

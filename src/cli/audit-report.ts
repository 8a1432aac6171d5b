import { type EvaluatedFinding, type Evaluation, evaluate } from '../engine/evaluate.ts';
import { type Circumstances, newestMinor } from '../engine/judge.ts';
import { isAtLeast, type Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import { controllerOfObject, isBuiltInOwner } from '../manifests/controller.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { type EmbeddedPod, embeddedPodsOf } from '../manifests/pod-template.ts';
import type { Manifest } from '../manifests/read-manifests.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { Position } from '../yaml/document.ts';

/** A finding where its author sees it. */
export interface AuditFinding extends EvaluatedFinding {
  /** The pointer into the object as given; `path` is the one into the Pod. */
  readonly objectPath: Pointer;
  /** In the file; absent for an object of a cluster. */
  readonly position: Position | undefined;
  /** The exemption that covers it. */
  readonly exempt: string | null;
}

/** A value that the API server would refuse to decode. */
interface AuditTypeProblem {
  readonly objectPath: Pointer;
  readonly position: Position | undefined;
  /** `is a string; it must be a boolean`. */
  readonly message: string;
}

/** One Pod or Pod template, judged. */
export interface AuditedSubject extends EmbeddedPod {
  readonly object: KubernetesObject;
  /** Where the object was read; absent for an object of a cluster. */
  readonly manifest: Manifest | undefined;
  readonly position: Position | undefined;
  /** What the cluster would answer. */
  readonly verdict: 'allow' | 'deny';
  /** In the order of weight, without those whose mode is `off`. */
  readonly findings: readonly AuditFinding[];
  readonly typeProblems: readonly AuditTypeProblem[];
  readonly evaluation: Evaluation;
  readonly circumstances: Circumstances;
}

/** All that an audit found, before any format. */
export interface AuditReport {
  readonly subjects: readonly AuditedSubject[];
}

/** An object to audit; read from a manifest, or from a cluster. */
export type AuditInput = Pick<AuditedSubject, 'object'> & { readonly manifest?: Manifest };

/** Judges every Pod in the objects. Never throws, whatever the objects hold. */
export function audit(inputs: Iterable<AuditInput>, policy: Policy): AuditReport {
  const subjects: AuditedSubject[] = [];
  for (const input of inputs)
    for (const pod of embeddedPodsOf(input.object.content)) subjects.push(auditPod(input, pod, policy));
  return { subjects };
}

function auditPod({ object, manifest }: AuditInput, pod: EmbeddedPod, policy: Policy): AuditedSubject {
  const circumstances = circumstancesOf(object, pod);
  const evaluation = evaluate(pod.source, policy, circumstances);
  const placed = (path: Pointer): { objectPath: Pointer; position: Position | undefined } => {
    const objectPath: Pointer = `${pod.podPath}${path}`;
    return { objectPath, position: manifest?.document.positionOf(`${manifest.path}${objectPath}`) };
  };
  const findings = evaluation.findings
    .filter(({ mode }) => mode !== 'off')
    .map((finding) => ({ ...finding, ...placed(finding.path), exempt: null }));
  const typeProblems = evaluation.subject.problems.map(({ path, message }) => ({ ...placed(path), message }));
  const denied = typeProblems.length > 0 || findings.some((finding) => counts(finding) && finding.mode === 'enforce');
  const position = manifest?.path === '' ? manifest.document.start : manifest?.document.positionOf(manifest.path);
  const verdict = denied ? 'deny' : 'allow';
  return { ...pod, object, manifest, position, verdict, findings, typeProblems, evaluation, circumstances };
}

/**
 * What holds for this object besides the policy. A template whose object has a controller is only recorded: its author
 * wrote the outer one. Without a requester to ask, an owner is believed.
 */
function circumstancesOf(object: KubernetesObject, { source }: EmbeddedPod): Circumstances {
  const controller = controllerOfObject(object);
  if (controller === undefined) return { minor: newestMinor };
  if (source.workload !== undefined) return { minor: newestMinor, ceiling: 'audit' };
  return { minor: newestMinor, byController: isBuiltInOwner(controller) };
}

/** Whether a finding is left over: no fix puts it right at admission and no exemption covers it. */
export const counts = ({ fixed, exempt }: AuditFinding): boolean => !fixed && exempt === null;

/** The findings of all subjects in numbers. */
export interface AuditSummary {
  readonly subjects: number;
  readonly denied: number;
  readonly findings: { readonly enforce: number; readonly warn: number; readonly audit: number };
  readonly fixed: number;
  readonly exempt: number;
}

export function summaryOf({ subjects }: AuditReport): AuditSummary {
  const all = subjects.flatMap(({ findings }) => findings);
  const left = (wanted: Mode): number => all.filter((finding) => counts(finding) && finding.mode === wanted).length;
  return {
    subjects: subjects.length,
    denied: subjects.filter(({ verdict }) => verdict === 'deny').length,
    findings: { enforce: left('enforce'), warn: left('warn'), audit: left('audit') },
    fixed: all.filter(({ fixed }) => fixed).length,
    exempt: all.filter(({ fixed, exempt }) => !fixed && exempt !== null).length,
  };
}

/** Whether any finding that counts is at this mode or above. */
export function reaches({ subjects }: AuditReport, failOn: Mode): boolean {
  return subjects.some(({ findings }) =>
    findings.some((finding) => counts(finding) && isAtLeast(finding.mode, failOn)),
  );
}

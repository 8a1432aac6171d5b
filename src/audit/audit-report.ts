import type { Circumstances } from '../engine/circumstances.ts';
import { type EvaluatedFinding, type Evaluation, evaluate } from '../engine/evaluate.ts';
import { isDenied, onlyRecords } from '../engine/fate.ts';
import type { Namespace } from '../engine/namespace-entry.ts';
import { policyIn } from '../engine/namespace-policy.ts';
import type { Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import type { Surroundings } from '../engine/surroundings.ts';
import { controllerOfObject, isBuiltInOwner } from '../manifests/controller.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { type EmbeddedPod, embeddedPodsOf } from '../manifests/pod-template.ts';
import type { Manifest, ManifestPosition } from '../manifests/read-manifests.ts';
import type { PatchOperation } from '../patch/json-patch.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { TypeProblem } from '../subject/decode.ts';
import { ownerNames } from '../subject/owner-names.ts';
import { type PodLocation, placeInObject } from '../subject/pod-location.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import type { OwnerReference } from '../subject/pod-types.ts';
import { mirrorsStaticPod } from '../subject/special-pods.ts';
import type { Position } from '../yaml/document.ts';
import { commentedExemptionOf } from './comment-exemption.ts';
import { asCreated, wasInCluster } from './object-as-created.ts';
import { typeProblemsAround } from './object-types.ts';
import type { KnownCluster } from './surroundings.ts';

/** A finding at the place where its author can see it. */
export interface AuditFinding extends EvaluatedFinding {
  /** The pointer into the given object; `path` points into the Pod. */
  readonly objectPath: Pointer;
  /** In the file; absent for an object from a cluster. */
  readonly position: ManifestPosition | undefined;
}

/** The identity of a subject's finding under several policies. */
export const pathKeyOf = ({ rule, path }: AuditFinding): string => `${rule.id} ${path}`;

/** A fix holds the whole Pod in memory, and a scan repairs nothing. */
export const withoutFix = ({ fix: _fix, fault: _fault, ...kept }: AuditFinding): AuditFinding => kept;

/** A value that the API server would fail to decode. */
interface AuditTypeProblem {
  readonly objectPath: Pointer;
  readonly position: ManifestPosition | undefined;
  /** `is a string; it must be a boolean`. */
  readonly message: string;
}

/** One Pod, Pod template or top-level owner with its findings, as the outputs show it. */
export interface ReportedSubject extends PodLocation {
  readonly object: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>;
  /** The manifest of the object; absent for an object from a cluster. */
  readonly manifest: Pick<Manifest, 'file'> | undefined;
  readonly position: Position | undefined;
  /** The ceiling for all rules in its namespace. Under `audit`, fixes only show what they would do. */
  readonly mode: Mode;
  /** The cluster's answer to the object. */
  readonly verdict: 'allow' | 'deny';
  /** Ordered by weight, without those whose mode is `off`. */
  readonly findings: readonly AuditFinding[];
  readonly typeProblems: readonly AuditTypeProblem[];
  /** The patch of enabled fixes at admission, relative to the Pod; empty for a Pod that is assembled from parts. */
  readonly patch: readonly PatchOperation[];
  /** The Pod that the patch applies to, unpatched. */
  readonly pod: { readonly metadata?: unknown; readonly spec?: unknown };
}

/** One evaluated Pod or Pod template. */
export interface AuditedSubject extends ReportedSubject, EmbeddedPod {
  readonly object: KubernetesObject;
  readonly manifest: Manifest | undefined;
  readonly evaluation: Evaluation;
  readonly circumstances: Circumstances;
  /** The policy in force in its namespace. */
  readonly policy: Policy;
}

/** All findings of an audit of objects. */
export interface AuditReport {
  readonly subjects: readonly AuditedSubject[];
}

/** An object to audit, from a manifest or a cluster. */
export type AuditInput = Pick<AuditedSubject, 'object'> & { readonly manifest?: Manifest };

/** Evaluates every Pod in the objects. Never throws, regardless of their content. */
export function audit(inputs: Iterable<AuditInput>, policy: Policy, cluster: KnownCluster): AuditReport {
  return { subjects: [...auditObjects(inputs, policy, cluster)] };
}

/** The same one by one, so that none needs to be kept. */
export function* auditObjects(
  inputs: Iterable<AuditInput>,
  policy: Policy,
  cluster: KnownCluster,
): Generator<AuditedSubject> {
  for (const input of inputs) {
    const isPodOfCluster = input.object.kind === 'Pod' && wasInCluster(input.object);
    yield* auditObject(isPodOfCluster ? { ...input, object: asCreated(input.object) } : input, policy, cluster);
  }
}

/**
 * Evaluates every Pod in an object as the cluster would if it were created now, with or without trusting its owner
 * reference.
 */
export function auditObject(
  { object, manifest }: AuditInput,
  clusterPolicy: Policy,
  cluster: KnownCluster,
  owners: 'trusted' | 'untrusted' = 'trusted',
): AuditedSubject[] {
  const name = object.namespace ?? cluster.defaultNamespace;
  const surroundings = cluster.at(name);
  const namespace = { name, labels: surroundings.namespaceLabels };
  const policy = policyIn(clusterPolicy, namespace);
  return embeddedPodsOf(object.content, policy.podTemplates).map((pod, index) => {
    const isTemplate = pod.source.workload !== undefined;
    const isAuthored = manifest !== undefined && !wasInCluster(object);
    const limitDefaults = ((isTemplate || isAuthored) && surroundings.limitDefaults) || [];
    const embedded = { ...pod, source: { ...pod.source, limitDefaults, isAuthored } };
    const controller = owners === 'trusted' ? controllerOfObject(object) : undefined;
    const circumstances = {
      ...circumstancesOf(object, controller, embedded, namespace, surroundings),
      lifted: onlyRecords(policy),
    };
    const around = manifest !== undefined && index === 0 ? typeProblemsAround(object) : [];
    return auditPod({ object, ...(manifest && { manifest }) }, embedded, policy, circumstances, around);
  });
}

function auditPod(
  { object, manifest }: AuditInput,
  pod: EmbeddedPod,
  policy: Policy,
  circumstances: Circumstances,
  around: readonly TypeProblem[],
): AuditedSubject {
  const commentedExemption = commentedExemptionOf(manifest, pod);
  const evaluation = evaluate(pod.source, policy, { ...circumstances, commentedExemption });
  const placedInObject = (objectPath: Pointer): { objectPath: Pointer; position: ManifestPosition | undefined } => ({
    objectPath,
    position: manifest?.document.positionOf(`${manifest.path}${objectPath}`),
  });
  const placed = (path: Pointer) => placedInObject(placeInObject(pod, path));
  const findings = evaluation.findings
    .filter(({ mode }) => mode !== 'off')
    .map((finding) => ({ ...finding, ...placed(finding.path) }));
  const typeProblems = [
    ...around.map(({ path, message }) => ({ ...placedInObject(path), message })),
    ...evaluation.subject.problems.map(({ path, message }) => ({ ...placed(path), message })),
  ];
  const denied = typeProblems.length > 0 || findings.some(isDenied);
  const position = manifest?.path === '' ? manifest.document.start : manifest?.document.positionOf(manifest.path);
  const verdict: ReportedSubject['verdict'] = denied ? 'deny' : 'allow';
  const subject = { ...pod, object, manifest, position, mode: policy.mode, verdict, findings, typeProblems };
  return {
    ...subject,
    patch: pod.parts === undefined ? evaluation.patch : [],
    pod: pod.source.pod,
    evaluation,
    circumstances,
    policy,
  };
}

/**
 * The circumstances of this object. Findings are only recorded in a template whose object has a controller, because its
 * author wrote the outer object, and in a mirror of a static Pod. There is no requester, so owner references are
 * trusted.
 */
function circumstancesOf(
  object: KubernetesObject,
  controller: OwnerReference | undefined,
  { source }: EmbeddedPod,
  namespace: Namespace,
  { minor, now, neighbors }: Surroundings,
): Circumstances {
  const workloads = ownerNames(controller ?? object, metadataOf(source.pod));
  const base = { minor, neighbors, origin: { namespace, workloads, ...(now !== undefined && { now }) } };
  if (controller === undefined) return base;
  if (source.workload !== undefined || mirrorsStaticPod(metadataOf(object.content)))
    return { ...base, ceiling: 'audit' };
  return { ...base, byController: isBuiltInOwner(controller) };
}

import type { AuditedSubject } from '../audit/audit-report.ts';
import type { Policy } from '../engine/policy.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { isKnownKind } from '../manifests/pod-template.ts';
import type { Manifest, ManifestProblem, Skipped } from '../manifests/read-manifests.ts';
import { holdsUnknownContainers } from '../manifests/unknown-kinds.ts';
import { failureLines, problemLine, rejectedValues } from './audit-messages.ts';
import { openIdleServices } from './idle-services.ts';
import { openIgnoreReview } from './ignore-review.ts';
import { openSkipped } from './skipped-lines.ts';
import { openUnknownLabels } from './unknown-labels.ts';

/** The messages about evaluated files, apart from those about their subjects. */
export interface EvaluationRemarks {
  /** Problems and failures, one line each. */
  readonly messages: readonly string[];
  /** Skipped objects, a line each. */
  readonly skippedLines: readonly string[];
  /** Doubts about a verdict, and comments that exempt nothing, a line each. */
  readonly doubtLines: readonly string[];
  /** Unreadable input and values that the API server would reject. */
  readonly problems: readonly ManifestProblem[];
  /** The unreadable input among the problems. */
  readonly unread: readonly ManifestProblem[];
  /** The number of skipped objects without a Pod. */
  readonly skipped: number;
  /** Whether another run may check some skipped objects, given a program or values. */
  readonly isAnyUnread: boolean;
}

/** The remarks while files are evaluated. */
interface OpenRemarks {
  addUnread(problems: readonly ManifestProblem[]): void;
  addSkipped(skipped: readonly Skipped[]): void;
  /** Adds a subject of a wanted source. */
  addSubject(subject: AuditedSubject): void;
  /** Adds a subject of another source. */
  addNear(subject: AuditedSubject): void;
  /** Adds the manifests of a wanted source, after its subjects. Returns objects of unknown kinds that have containers. */
  addManifests(
    manifests: readonly Manifest[],
    isEvaluated: (manifest: Manifest) => boolean,
  ): Iterable<KubernetesObject>;
  /** A Pod that was not read may be the one that a Service selects, so `isAll` says whether every source was wanted. */
  result(isAll: boolean): EvaluationRemarks;
}

export function openRemarks(policy: Policy, defaultNamespace: string, isVerbose: boolean): OpenRemarks {
  const unread: ManifestProblem[] = [];
  const rejected: ManifestProblem[] = [];
  const failures = new Set<string>();
  const [skipped, labels, ignored] = [openSkipped(isVerbose), openUnknownLabels(policy), openIgnoreReview(policy)];
  const idle = openIdleServices(defaultNamespace);
  function addNear(subject: AuditedSubject): void {
    rejected.push(...rejectedValues(subject));
    for (const line of failureLines([subject.evaluation])) failures.add(line);
    labels.add(subject);
    ignored.add(subject);
  }
  return {
    addUnread(problems) {
      unread.push(...problems);
    },
    addSkipped(some) {
      for (const each of some) skipped.add(each);
    },
    addSubject(subject) {
      idle.add(subject);
      addNear(subject);
    },
    addNear,
    addManifests(manifests, isEvaluated) {
      ignored.addComments(manifests);
      const others = manifests.filter((manifest) => !isEvaluated(manifest));
      const unknown = new Set(
        others.map(({ object }) => object).filter((object) => holdsUnknownContainers(object, policy.podTemplates)),
      );
      skipped.addTemplateless(others, (object) => unknown.has(object));
      idle.addOthers(others, (object) => unknown.has(object) || isKnownKind(object, policy.podTemplates));
      return unknown;
    },
    result(isAll) {
      const idleServices = isAll && unread.length === 0 ? idle.problems() : [];
      const problems = [...unread, ...ignored.unknown(), ...rejected];
      return {
        problems,
        unread,
        messages: [...problems.map(problemLine), ...failures],
        skipped: skipped.count(),
        isAnyUnread: skipped.isAnyUnread(),
        skippedLines: skipped.lines(),
        doubtLines: [...labels.lines(), ...[...ignored.unused(), ...idleServices].map(problemLine)],
      };
    },
  };
}

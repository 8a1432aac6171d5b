import { type Pointer, pointer, valueAt } from '../patch/pointer.ts';
import { inWorkload } from './pod-location.ts';
import type { Owner, PodSubject } from './pod-subject.ts';

/** The spec of a Job, or of the Jobs that a CronJob creates, as far as rules read it. */
export interface JobSpec {
  readonly activeDeadlineSeconds: number | undefined;
  readonly ttlSecondsAfterFinished: number | undefined;
  /** Retries before the Job fails; 6 by default, and without a limit if each index has its own. */
  readonly backoffLimit: number | undefined;
  /** Helm or Argo CD creates it for a step of a release, and deletes it. */
  readonly isHook: boolean;
  /** The path of a field of this spec, for a finding. */
  at(field: string): Pointer;
}

/** A CronJob's spec, as far as rules read it. */
export interface CronJobSpec {
  /** `Allow` by default. */
  readonly concurrencyPolicy: string;
  readonly startingDeadlineSeconds: number | undefined;
}

/** The spec of the Jobs that run a template; undefined for other subjects. */
export function jobOf({ isTemplate, owner }: PodSubject): JobSpec | undefined {
  const above = isTemplate ? jobPlaces.get(kindOf(owner)) : undefined;
  if (above === undefined) return undefined;
  const read = (field: string): number | undefined => integerAt(owner, ...above, field);
  return {
    activeDeadlineSeconds: read('activeDeadlineSeconds'),
    ttlSecondsAfterFinished: read('ttlSecondsAfterFinished'),
    backoffLimit: read('backoffLimit') ?? (read('backoffLimitPerIndex') === undefined ? 6 : undefined),
    isHook: hookAnnotations.some(
      (name) => valueAt(owner?.object, pointer('metadata', 'annotations', name)) !== undefined,
    ),
    at: (field) => inWorkload(...above, field),
  };
}

/** The spec of the CronJob whose Jobs run a template; undefined for other subjects. */
export function cronJobOf({ isTemplate, owner }: PodSubject): CronJobSpec | undefined {
  if (!isTemplate || kindOf(owner) !== 'CronJob') return undefined;
  return {
    concurrencyPolicy: textAt(owner, 'concurrencyPolicy') || 'Allow',
    startingDeadlineSeconds: integerAt(owner, 'startingDeadlineSeconds'),
  };
}

/** The name of a StatefulSet's governing Service, empty if it has none; undefined for other subjects. */
export const governingServiceOf = ({ isTemplate, owner }: PodSubject): string | undefined =>
  isTemplate && kindOf(owner) === 'StatefulSet' ? (textAt(owner, 'serviceName') ?? '') : undefined;

/**
 * The minor version from which StatefulSets have `maxUnavailable`. Before, a feature gate that is off (but in 1.35.0 to
 * 1.35.3) decides, and without it the field is dropped.
 */
const maxUnavailableOfStatefulSets = 37;

/** How a workload replaces its Pods. */
export interface Rollout {
  /** `Recreate`, `OnDelete` or `RollingUpdate`. */
  readonly type: string;
  /** Whether a percentage in `maxUnavailable` is rounded down, as for Deployments, or up, as for StatefulSets. */
  readonly roundsDown: boolean;
  /** Of `RollingUpdate`; undefined if it is not set, or has no effect. */
  readonly maxUnavailable: number | string | undefined;
  /** Whether a partition keeps some Pods as they are. */
  readonly isPartial: boolean;
  /** The path of the field with the type of the strategy, and of `maxUnavailable`. */
  readonly typePath: Pointer;
  readonly maxUnavailablePath: Pointer;
}

/**
 * How the Deployment or StatefulSet of a template replaces its Pods in this minor version of Kubernetes; undefined for
 * other subjects.
 */
export function rolloutOf({ isTemplate, owner }: PodSubject, minor: number): Rollout | undefined {
  const kind = kindOf(owner);
  const field = kind === 'Deployment' ? 'strategy' : 'updateStrategy';
  if (!isTemplate || !(kind === 'Deployment' || kind === 'StatefulSet')) return undefined;
  const maxUnavailable = fieldOf(owner, field, 'rollingUpdate', 'maxUnavailable');
  const isGiven = typeof maxUnavailable === 'string' || Number.isInteger(maxUnavailable);
  const counts = kind === 'Deployment' || minor >= maxUnavailableOfStatefulSets;
  return {
    type: textAt(owner, field, 'type') || 'RollingUpdate',
    roundsDown: kind === 'Deployment',
    maxUnavailable: isGiven && counts ? (maxUnavailable as number | string) : undefined,
    isPartial: kind === 'StatefulSet' && (integerAt(owner, field, 'rollingUpdate', 'partition') ?? 0) > 0,
    typePath: inWorkload(field, 'type'),
    maxUnavailablePath: inWorkload(field, 'rollingUpdate', 'maxUnavailable'),
  };
}

/** Where the spec of the Jobs is in the spec of the workload. */
const jobPlaces: ReadonlyMap<string, readonly string[]> = new Map([
  ['Job', []],
  ['CronJob', ['jobTemplate', 'spec']],
]);

const hookAnnotations = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

/** The kind of a workload of Kubernetes itself; empty for others, which may be called Job, too. */
const kindOf = (owner: Owner | undefined): string => (owner !== undefined && 'object' in owner ? owner.kind : '');

const fieldOf = (owner: Owner | undefined, ...fields: readonly string[]): unknown =>
  valueAt(owner?.object, `/spec/${fields.join('/')}`);

function textAt(owner: Owner | undefined, ...fields: readonly string[]): string | undefined {
  const value = fieldOf(owner, ...fields);
  return typeof value === 'string' ? value : undefined;
}

function integerAt(owner: Owner | undefined, ...fields: readonly string[]): number | undefined {
  const value = fieldOf(owner, ...fields);
  return Number.isInteger(value) ? (value as number) : undefined;
}

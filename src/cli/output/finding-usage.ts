import type { ScannedFinding, ScannedSubject } from '../../audit/scanned-subject.ts';
import { requestRules } from '../../fix/measured-requests.ts';
import type { MeasuredContainers, MeasuredUsage } from '../measured-usage.ts';
import { durationText } from './duration-text.ts';
import { counted } from './layout.ts';
import { doubtsOf, reasonOf } from './usage-basis.ts';

/** The proposal from the usage of a container for a request that it lacks. */
export interface FindingUsage {
  readonly resource: 'cpu' | 'memory';
  readonly proposed: string | undefined;
  /** How long it was watched and how far that can be trusted, and why nothing is proposed, if so. */
  readonly basis: string;
  readonly usage: MeasuredUsage | undefined;
}

/** Undefined if the finding is not about a missing request. */
export function usageOfFinding(
  { rule, container = '' }: Pick<ScannedFinding, 'rule' | 'container'>,
  { namespace, object }: Pick<ScannedSubject, 'namespace' | 'object'>,
  measured: MeasuredContainers,
): FindingUsage | undefined {
  const resource = requestRules.get(rule.id);
  if (resource === undefined) return undefined;
  const usage = measured.of({ namespace, kind: object.kind, workload: object.name, container });
  const proposed = usage?.proposed[resource];
  const missing = proposed === undefined ? [`nothing proposed: ${whyNot(usage, measured)}`] : [];
  return { resource, proposed, basis: [...basisOf(usage), ...missing].join('; '), usage };
}

/** A clause for people: `usage proposes 360m: 4d, 2 Pods; throttled in 12% of periods`. */
export const usageNote = ({ proposed, basis }: FindingUsage): string =>
  proposed === undefined ? `usage: ${basis}` : `usage proposes ${proposed}: ${basis}`;

function basisOf(usage: MeasuredUsage | undefined): string[] {
  if (usage === undefined) return [];
  const { watchedSeconds, watchedPods, cpuLimit } = usage;
  const isSeen = watchedPods !== 0;
  const pods = watchedPods === undefined ? '' : `, ${counted(watchedPods, 'Pod')}`;
  const watched = watchedSeconds === undefined ? 'watched for an unknown time' : durationText(watchedSeconds);
  return [...(isSeen ? [`${watched}${pods}`] : []), ...doubtsOf(usage, isSeen ? cpuLimit : undefined)];
}

function whyNot(usage: MeasuredUsage | undefined, { minimumSeconds }: MeasuredContainers): string {
  if (usage === undefined) return reasonOf('unseen', minimumSeconds);
  return usage.unproposed === undefined ? 'the value was ignored' : reasonOf(usage.unproposed, minimumSeconds);
}

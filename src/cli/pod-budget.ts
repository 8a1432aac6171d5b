import type { AuditedSubject } from '../audit/audit-report.ts';
import { quoted } from '../engine/quoted.ts';
import { applyPatch } from '../patch/apply-patch.ts';
import type { ContainerView } from '../subject/container-view.ts';
import { minimumShutdown, sleepOf } from '../subject/hook-sleep.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import type { PodSpec } from '../subject/pod-types.ts';
import { qosClassOf, qosResources } from '../subject/qos-class.ts';
import { isPositive } from '../subject/quantity.ts';
import { effectiveResources, formatAmount, type ResourceKind } from '../subject/resources.ts';
import { hang, printable } from './output/layout.ts';

/** A Pod's requests and its time to stop, one per line; before and after if enabled fixes change them. */
export function budgetLines({ source, evaluation }: AuditedSubject, columns: number): string[] {
  const given = budgetOf(evaluation.subject);
  const isRepaired = evaluation.patch.length > 0;
  const repaired = isRepaired ? budgetOf(subjectOf(patched(source, evaluation))) : given;
  return Object.entries(given).flatMap(([title, text]) => {
    const after = repaired[title as keyof Budget];
    return hang(
      `  ${title.padEnd('QoS class'.length)}  `,
      after === text ? text : `${text}; once repaired: ${after}`,
      columns,
    );
  });
}

interface Budget {
  readonly requests: string;
  readonly limits: string;
  readonly 'QoS class': string;
  readonly grace: string;
}

function budgetOf(pod: PodSubject): Budget {
  return {
    requests: amounts(pod.spec, 'requests'),
    limits: amounts(pod.spec, 'limits'),
    'QoS class': qosClassOf(pod.spec),
    grace: graceOf(pod),
  };
}

const patched = (source: SubjectSource, { patch }: AuditedSubject['evaluation']): SubjectSource => ({
  ...source,
  pod: applyPatch(source.pod, patch) as SubjectSource['pod'],
});

function amounts(spec: PodSpec, kind: ResourceKind): string {
  const effective = [...effectiveResources(spec, kind)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const texts = effective.map(([resource, amount]) => {
    const isPartial = kind === 'limits' && boundsOnlySome(spec, resource);
    return `${printable(resource)} ${formatAmount(amount)}${isPartial ? ' (not of all containers)' : ''}`;
  });
  return texts.length === 0 ? 'none' : texts.join(', ');
}

/** Whether a sum of limits is incomplete because a container has no limit. */
function boundsOnlySome(spec: PodSpec, resource: string): boolean {
  if (!(qosResources as readonly string[]).includes(resource)) return false;
  if (isPositive(spec.resources?.limits?.[resource])) return false;
  return [...spec.containers, ...(spec.initContainers ?? [])].some(
    ({ resources }) => !isPositive(resources?.limits?.[resource]),
  );
}

/** The time from the deletion of a Pod to SIGKILL; the preStop hook uses part of it before SIGTERM. */
function graceOf({ spec, running }: PodSubject): string {
  const grace = spec.terminationGracePeriodSeconds ?? 30;
  if (grace === 0) return '0 s: killed at once, without preStop';
  const [first] = running.toSorted((a, b) => sleepIn(b) - sleepIn(a));
  const sleep = first === undefined ? 0 : sleepIn(first);
  if (first === undefined || sleep === 0) return `${grace} s to stop`;
  const cut = sleep > grace ? ' and is cut short' : '';
  const left = Math.max(grace - sleep, minimumShutdown);
  return `${grace} s, preStop of ${quoted(first.name)} sleeps ${Number.isFinite(sleep) ? sleep : 'forever'}${cut}, ${left} left to stop`;
}

const sleepIn = ({ spec }: ContainerView): number => sleepOf(spec.lifecycle?.preStop);

import type { Evaluation } from '../engine/evaluate.ts';
import { type Exemption, namesRule, openCover } from '../engine/exemption.ts';
import { isDenied } from '../engine/fate.ts';
import { originOf } from './origin.ts';
import type { Reviewed } from './reviewed.ts';
import type { World } from './world.ts';

/** Written by `kubectl create job --from=cronjob/…`, and by no controller. */
const manual = 'cronjob.kubernetes.io/instantiate';

/**
 * Explains why a denied Job lacks the exemption of the CronJob that a user created it from, and what to do about it;
 * undefined if there is no such exemption. Anyone can write an owner reference, so users' references are not trusted.
 */
export function manualJobAdvice(
  review: Reviewed,
  world: World,
  evaluations: readonly Evaluation[],
): string | undefined {
  const { controller, metadata, name } = review;
  if (controller?.kind !== 'CronJob' || metadata.annotations?.[manual] !== 'manual') return undefined;
  const exemption = exemptionOf(`CronJob/${controller.name}`, review, world, evaluations);
  if (exemption === undefined) return undefined;
  const workload = name.startsWith(`${controller.name}-`) ? `Job/${controller.name}-*` : `Job/${name}`;
  return `exemption ${exemption.name} covers CronJob/${controller.name}, not a Job that a user creates from it; ask ${exemption.owner} to add ${workload} to its workloads`;
}

/** The workload's exemption that would cover a finding for which the Job is denied. */
function exemptionOf(
  workload: string,
  review: Reviewed,
  world: World,
  evaluations: readonly Evaluation[],
): Exemption | undefined {
  const { exemptions } = world.policy;
  const origin = { ...originOf(review, world), workloads: [workload] };
  return evaluations
    .flatMap(({ subject, findings }) => {
      const coveredBy = openCover(exemptions, subject, origin);
      const named = (rule: string): Exemption[] => exemptions.filter((exemption) => namesRule(exemption, rule));
      return findings.filter(isDenied).map((finding) => coveredBy?.(named(finding.rule.id), finding));
    })
    .find((exemption) => exemption !== undefined);
}

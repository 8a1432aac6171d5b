import { isInWorkload } from '../subject/pod-location.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import type { Circumstances } from './circumstances.ts';
import { type Exemption, openCover } from './exemption.ts';
import type { PlannedRule } from './plan.ts';
import { isAtLeast, type Policy, weaker } from './policy.ts';
import { type Finding, type Mode, type Risk, strengthOf } from './rule.ts';
import type { Basis } from './sightings.ts';

/** The treatment of a finding under a policy. Findings of one rule with the same fate are reported together. */
export interface Fate {
  /** The mode under all ceilings. */
  readonly mode: Mode;
  /** The rule's own mode. */
  readonly ownMode: Mode;
  /** The mode when a controller of Kubernetes recreates the Pod; no update is involved then. */
  readonly restartMode: Mode;
  /** The mode is weaker because the object had this finding before the update. */
  readonly existing: boolean;
  /**
   * The object is not the place to act, or only neighbors show the finding, which admission does not know: it is recorded
   * under any policy.
   */
  readonly recordedOnly: boolean;
  /** The exemption that covers it: it is recorded, and neither repaired nor acted upon. */
  readonly exemption: Exemption | undefined;
  /** Its rule's fix, if it has one, can still take effect. */
  readonly mayRepair: boolean;
}

/** A known fate, with whether admission repairs the finding. */
type Settled = Pick<Fate, 'mode' | 'ownMode' | 'restartMode' | 'recordedOnly' | 'exemption'> & {
  readonly fixed: boolean;
};

/** The outcome for a finding: repaired, exempt, or treated according to this mode. */
export type Outcome = 'fixed' | 'exempt' | Mode;

/** The current outcome for a finding. */
export const outcomeOf = ({ fixed, exemption, mode }: Settled): Outcome =>
  fixed ? 'fixed' : exemption === undefined ? mode : 'exempt';

/** Whether the finding is neither repaired nor exempt. */
export const isLeft = ({ fixed, exemption }: Pick<Settled, 'fixed' | 'exemption'>): boolean =>
  !fixed && exemption === undefined;

/** Whether the finding is exempt, and no fix would have repaired it anyway. */
export const isExempt = ({ fixed, exemption }: Pick<Settled, 'fixed' | 'exemption'>): boolean =>
  !fixed && exemption !== undefined;

/** Whether the repair can change how the program behaves, as far as is known of its image. */
export const changesBehavior = ({ fixed, risk }: { readonly fixed: boolean; readonly risk: Risk }): boolean =>
  fixed && risk === 'behavior';

/** Whether the subject is denied because of the finding. */
export const isDenied = (finding: Settled): boolean => outcomeOf(finding) === 'enforce';

/** Whether the Pod is denied because of the finding when a controller of Kubernetes recreates it. */
export const stopsAtRestart = (finding: Settled): boolean => isLeft(finding) && finding.restartMode === 'enforce';

/** Whether a policy only records findings; the record then shows the outcomes under a policy that acts. */
export const onlyRecords = ({ mode }: Pick<Policy, 'mode'>): boolean => mode === 'audit';

/** The outcome for a finding if every ceiling were `enforce`. */
export type ProjectedOutcome = 'none' | 'fix' | 'warn' | 'deny';

/** What becomes of a finding once the ceilings over its mode are lifted. */
export function projectedOutcomeOf({ fixed, exemption, ownMode, recordedOnly }: Settled): ProjectedOutcome {
  if (recordedOnly) return 'none';
  if (fixed) return 'fix';
  if (exemption !== undefined) return 'none';
  if (ownMode === 'enforce') return 'deny';
  return ownMode === 'warn' ? 'warn' : 'none';
}

/** The fates of the findings of one subject under one policy. */
export interface Fates {
  /** Whether no finding can have any effect, not even a record. */
  readonly areOff: boolean;
  /** The fate of a finding of a rule; findings of a rule that share it get the same object. */
  of(planned: PlannedRule, finding: Finding, basis?: Basis): Fate;
}

export function openFates(pod: PodSubject, policy: Policy, circumstances: Circumstances): Fates {
  const {
    byController = false,
    ceiling = 'enforce',
    existing,
    origin,
    lifted,
    recording,
    commentedExemption,
  } = circumstances;
  const coveredBy = openCover(policy.exemptions, pod, origin, circumstances.isFormer);
  const ofController = byController ? weaker(policy.mode, policy.controllers) : policy.mode;
  const ofObject = weaker(pod.isTemplate ? weaker(ofController, policy.workloads) : ofController, ceiling);
  // a template's Pod is repaired when it is created, whichever ceilings apply to the template
  const ofRepair = pod.isTemplate ? ofController : ofObject;
  const ofRestart = weaker(policy.mode, policy.controllers);

  function make({ setting, repairs }: PlannedRule, exemption: Exemption | undefined, isExisting: boolean): Fate {
    const ofUpdate = (mode: Mode): Mode => (isExisting ? weaker(mode, policy.existing) : mode);
    const acting =
      lifted === true || recording === true
        ? setting.mode
        : weaker(setting.mode, pod.isTemplate ? ofRepair : ofUpdate(ofRepair));
    return {
      mode: weaker(setting.mode, ofUpdate(ofObject)),
      ownMode: setting.mode,
      restartMode: weaker(setting.mode, ofRestart),
      existing: isExisting,
      recordedOnly: ceiling === 'audit',
      exemption,
      mayRepair: repairs && exemption === undefined && isAtLeast(acting, recording === true ? 'audit' : 'warn'),
    };
  }
  /** Whether the rule spares findings that the object had before. */
  const isSpared = ({ setting }: PlannedRule): boolean =>
    strengthOf[weaker(setting.mode, ofObject)] > strengthOf[policy.existing];

  const known = new Map<PlannedRule, (Fate & { readonly reach: Reach })[]>();
  return {
    areOff: ofObject === 'off',
    of(planned, finding, basis = 'admission') {
      const { rule } = planned.setting;
      const exemption = coveredBy?.(planned.exemptions, finding) ?? commentedExemption?.(rule.id, finding.path);
      const isExisting = isSpared(planned) && existing?.has(rule, finding, pod) === true;
      const reach = basis === 'neighbors' ? 'record' : isOfWorkload(finding) ? 'workload' : 'pod';
      let fates = known.get(planned);
      if (fates === undefined) known.set(planned, (fates = []));
      let fate = fates.find((one) => one.exemption === exemption && one.existing === isExisting && one.reach === reach);
      if (fate === undefined) fates.push((fate = { ...within(reach, make(planned, exemption, isExisting)), reach }));
      return fate;
    },
  };
}

const isOfWorkload = ({ path, templateOnly }: Finding): boolean => templateOnly === true || isInWorkload(path);

/** How admission classifies a finding: of a Pod, of a workload whose Pods do not have it, or not visible to it. */
type Reach = 'pod' | 'workload' | 'record';

function within(reach: Reach, fate: Fate): Fate {
  if (reach === 'pod') return fate;
  const restartMode = weaker(fate.restartMode, 'audit');
  if (reach === 'workload') return { ...fate, restartMode };
  return { ...fate, restartMode, mode: weaker(fate.mode, 'audit'), recordedOnly: true, mayRepair: false };
}

/** Whether a finding counts: one that neighbors refute only if admission does more than record it, under any ceiling. */
export const isKept = ({ recordedOnly, ownMode, mayRepair }: Fate, basis: Basis): boolean =>
  basis !== 'refuted' || (!recordedOnly && (mayRepair || isAtLeast(ownMode, 'warn')));

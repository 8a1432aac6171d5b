import { childOf, type Pointer, segmentsOf } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { compare } from './compare.ts';
import { covers, type Exemption, exemptionsFor, type Origin } from './exemption.ts';
import { effectiveMode, isAtLeast, type Policy, type RuleSetting, type Standing } from './policy.ts';
import { type Finding, type Group, type Mode, modes, type Rule, type RuleContext, severities } from './rule.ts';

/** The newest Kubernetes minor version whose behaviour the rules know. */
export const newestMinor = 36;

/** What the verdict depends on besides subject and policy. */
export interface Circumstances {
  /** The cluster's Kubernetes minor version; undefined while it is not known. */
  readonly minor: number | undefined;
  /** A built-in controller creates the Pod. */
  readonly byController?: boolean;
  /** The `keyOf` the findings that the object had before this update. */
  readonly existing?: ReadonlySet<string>;
  /** A further ceiling: `audit` for what is only recorded. */
  readonly ceiling?: Mode;
  /** Judge by the rules of this group alone. */
  readonly group?: Group;
  /** Act on the rules' own modes, as if every ceiling were `enforce`: tells what would happen. */
  readonly lifted?: boolean;
  /** Repair also what is only audited: tells the patch that all fixes which are on would make. */
  readonly recording?: boolean;
  /** Where the subject comes from; without it neither an exemption nor an entry for namespaces holds. */
  readonly origin?: Origin;
  /** The object is as it will be stored: nothing repairs it any more. */
  readonly final?: boolean;
}

/** A finding with what the policy makes of it. */
export interface JudgedFinding extends Finding {
  readonly rule: Rule;
  /** The mode under all ceilings. */
  readonly mode: Mode;
  /** The rule's own mode. */
  readonly ownMode: Mode;
  /** The object had this finding before the update. */
  readonly existing: boolean;
  /** The object is not the place to act: no policy makes more of the finding than a record. */
  readonly recordedOnly: boolean;
  /** The exemption that covers it: it is recorded, and neither repaired nor held against the subject. */
  readonly exemption: Exemption | undefined;
  /** Its fix is switched on and can still take effect. */
  readonly repairable: boolean;
}

export interface RuleFailure {
  readonly rule: Rule;
  readonly error: unknown;
}

/** What one pass of all rules over a subject gives. */
export interface Judgement {
  readonly findings: readonly JudgedFinding[];
  readonly failures: readonly RuleFailure[];
  /** Rules that have nothing to say about this subject, with the reason. */
  readonly notApplicable: ReadonlyMap<string, string>;
}

/** Runs every rule that is on. A rule that throws counts as a finding that nothing can fix. */
export function judge(pod: PodSubject, policy: Policy, circumstances: Circumstances): Judgement {
  const findings: JudgedFinding[] = [];
  const failures: RuleFailure[] = [];
  const notApplicable = new Map<string, string>();
  const context = contextOf(policy, circumstances);
  const exemptions = exemptionsFor(policy.exemptions, pod, circumstances.origin);
  const add = (finding: Finding, setting: RuleSetting): void => {
    const exemption = exemptions.find((each) => covers(each, setting.rule.id, finding, pod));
    findings.push(judged(finding, setting, exemption, pod, policy, circumstances));
  };
  for (const setting of policy.rules) {
    const { rule, options } = setting;
    if (setting.mode === 'off') continue;
    if (circumstances.group !== undefined && circumstances.group !== rule.group) continue;
    try {
      const reason = rule.notApplicable?.(pod, options, context);
      if (reason !== undefined) notApplicable.set(rule.id, reason);
      else
        for (const finding of rule.check(pod, options, context))
          if (pod.isEditable(finding.path)) add(finding, setting);
    } catch (error) {
      failures.push({ rule, error });
      add({ path: '/spec', message: 'could not be evaluated; see the log of podwright' }, setting);
    }
  }
  return { findings: findings.filter(({ mode }) => mode !== 'off'), failures, notApplicable };
}

/** Identifies a finding across versions of an object: rule, container, path with names for indices, which shift. */
export function keyOf(
  { rule, container, path }: Pick<JudgedFinding, 'rule' | 'container' | 'path'>,
  pod: PodSubject,
): string {
  return `${rule.id} ${container ?? ''} ${withNames(pod, path)}`;
}

/** Strongest mode first, then severity, rule and path: the order of every list of findings. */
export function byWeight(a: JudgedFinding, b: JudgedFinding): number {
  return (
    modes.indexOf(b.mode) - modes.indexOf(a.mode) ||
    severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity) ||
    compare(a.rule.id, b.rule.id) ||
    compare(a.path, b.path)
  );
}

function judged(
  finding: Finding,
  setting: RuleSetting,
  exemption: Exemption | undefined,
  pod: PodSubject,
  policy: Policy,
  circumstances: Circumstances,
): JudgedFinding {
  const { rule } = setting;
  const existing = circumstances.existing?.has(keyOf({ ...finding, rule }, pod)) === true;
  const { byController = false, ceiling = 'enforce' } = circumstances;
  const standing = { inTemplate: pod.isTemplate, byController, existing, ceiling };
  const mode = effectiveMode(policy, setting, standing);
  const { lifted = false, recording = false } = circumstances;
  const acting = lifted || recording ? setting.mode : repairMode(pod, policy, setting, standing);
  const reachable = rule.fix?.manifestsOnly !== true;
  const enabled =
    setting.fix &&
    policy.fixes &&
    reachable &&
    exemption === undefined &&
    isAtLeast(acting, recording ? 'audit' : 'warn');
  const repairable = enabled && finding.fix !== undefined && finding.fix.every((edit) => pod.isEditable(edit.path));
  return {
    ...finding,
    rule,
    mode,
    ownMode: setting.mode,
    existing,
    recordedOnly: ceiling === 'audit',
    exemption,
    repairable,
  };
}

/** A template's Pod is repaired when it is created, whatever ceilings hold for the template. */
function repairMode(pod: PodSubject, policy: Policy, setting: RuleSetting, standing: Standing): Mode {
  const ofPod: Standing = { ...standing, inTemplate: false, existing: false, ceiling: 'enforce' };
  return effectiveMode(policy, setting, pod.isTemplate ? ofPod : standing);
}

function contextOf(policy: Policy, { minor }: Circumstances): RuleContext {
  const known = policy.kubernetesMinor ?? minor;
  const setting = (id: string) => policy.rules.find(({ rule }) => rule.id === id);
  return {
    minor: known ?? newestMinor,
    supports: (wanted) => known !== undefined && known >= wanted,
    isOn: (id) => (setting(id)?.mode ?? 'off') !== 'off',
    optionsOf: <Options>(id: string) => (setting(id)?.options ?? {}) as Options,
  };
}

/** The path with the names of list elements in place of their indices. */
function withNames(pod: PodSubject, path: Pointer): string {
  let value: unknown = pod;
  return segmentsOf(path)
    .map((segment) => {
      const isElement = Array.isArray(value);
      value = childOf(value, segment);
      const name = isElement ? childOf(value, 'name') : undefined;
      return typeof name === 'string' ? name : segment;
    })
    .join('/');
}

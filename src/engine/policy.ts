import type { PodTemplateKind } from '../manifests/pod-template.ts';
import type { Exemption } from './exemption.ts';
import type { NamespaceEntry } from './namespace-policy.ts';
import type { OptionValues } from './options.ts';
import { type Mode, type Rule, strengthOf } from './rule.ts';

/** A rule as the policy sets it. */
export interface RuleSetting {
  readonly rule: Rule;
  readonly mode: Mode;
  readonly fix: boolean;
  readonly options: OptionValues;
}

/** Rules with their settings, and the ceilings over them. */
export interface Policy {
  /** Tells one content from another in logs. */
  readonly hash: string;
  readonly mode: Mode;
  readonly fixes: boolean;
  readonly workloads: Mode;
  readonly existing: Mode;
  readonly controllers: Mode;
  /** Whether a patched Pod is annotated with the rules that patched it. */
  readonly annotate: boolean;
  /** The Kubernetes minor version that verdicts are pinned to. */
  readonly kubernetesMinor: number | undefined;
  /** Every rule of the catalogue, by id; those that are off included. */
  readonly rules: readonly RuleSetting[];
  /** What holds otherwise in some namespaces; `policyIn` applies it. */
  readonly namespaces: readonly NamespaceEntry[];
  readonly exemptions: readonly Exemption[];
  /** Kinds with a Pod template beyond those that are known. */
  readonly podTemplates: readonly PodTemplateKind[];
}

/** What a finding's mode depends on besides its rule. */
export interface Standing {
  readonly inTemplate: boolean;
  readonly byController: boolean;
  readonly existing: boolean;
  /** A further ceiling, for objects that are not the place to act. */
  readonly ceiling: Mode;
}

/** The mode of a rule's findings under all ceilings that apply. */
export function effectiveMode(policy: Policy, setting: RuleSetting, standing: Standing): Mode {
  let mode = weaker(weaker(setting.mode, policy.mode), standing.ceiling);
  if (standing.inTemplate) mode = weaker(mode, policy.workloads);
  if (standing.byController) mode = weaker(mode, policy.controllers);
  if (standing.existing) mode = weaker(mode, policy.existing);
  return mode;
}

export const weaker = (a: Mode, b: Mode): Mode => (strengthOf[a] < strengthOf[b] ? a : b);
export const isAtLeast = (mode: Mode, floor: Mode): boolean => strengthOf[mode] >= strengthOf[floor];

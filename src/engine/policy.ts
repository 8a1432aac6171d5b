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

/** What messages carry besides the finding. */
export interface MessageSettings {
  /** Whom to ask. */
  readonly contact?: string;
  /** Where to read on; `{rule}` stands for the id of the rule. */
  readonly link?: string;
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
  /** Where people turn to about what is refused, warned of or reported. */
  readonly messages: MessageSettings;
  /** The Kubernetes minor version that verdicts are pinned to. */
  readonly kubernetesMinor: number | undefined;
  /** Every rule of the catalogue, by id; those that are off included. */
  readonly rules: readonly RuleSetting[];
  /** What holds otherwise in some namespaces; `policyIn` applies it. */
  readonly namespaces: readonly NamespaceEntry[];
  readonly exemptions: readonly Exemption[];
  /** Globs on the names of accounts that are believed when they say what owns an object, as Kubernetes' controllers are. */
  readonly operators: readonly string[];
  /** Kinds with a Pod template beyond those that are known. */
  readonly podTemplates: readonly PodTemplateKind[];
}

export const weaker = (a: Mode, b: Mode): Mode => (strengthOf[a] < strengthOf[b] ? a : b);
export const isAtLeast = (mode: Mode, floor: Mode): boolean => strengthOf[mode] >= strengthOf[floor];

import type { PodTemplateKind } from '../manifests/pod-template.ts';
import type { Exemption } from './exemption.ts';
import type { ImageEntry } from './image-entry.ts';
import type { NamespaceEntry } from './namespace-entry.ts';
import { type Mode, strengthOf } from './rule.ts';
import type { RuleSetting } from './rule-setting.ts';

/** Additions to messages besides the finding. */
export interface MessageSettings {
  /** The person or team to contact. */
  readonly contact?: string;
  /** The page to read; `{rule}` stands for the id of the rule. */
  readonly link?: string;
}

/** The exemptions that teams may give their own namespaces. */
export interface SelfService {
  /** Ids of the rules that may be exempt. */
  readonly rules: readonly string[];
  /** The most days from the present one to the last day of an exemption. */
  readonly maximumDays: number;
  /** The namespaces; all if absent. */
  readonly match?: NamespaceEntry['match'];
}

/** Rules with their settings, and the ceilings over them. */
export interface Policy {
  /** Identifies the content of the policy in logs. */
  readonly hash: string;
  readonly mode: Mode;
  readonly fixes: boolean;
  readonly workloads: Mode;
  readonly existing: Mode;
  readonly controllers: Mode;
  /** Whether a patched Pod is annotated with the rules that patched it. */
  readonly annotate: boolean;
  /** Contact and link for people whose objects are denied, warned about or reported. */
  readonly messages: MessageSettings;
  /** The Kubernetes minor version that verdicts are pinned to. */
  readonly kubernetesMinor: number | undefined;
  /** Every rule of the catalogue, ordered by id, including disabled ones. */
  readonly rules: readonly RuleSetting[];
  /** Settings for some namespaces; `policyIn` applies them. */
  readonly namespaces: readonly NamespaceEntry[];
  readonly exemptions: readonly Exemption[];
  /** Absent: teams may not exempt anything. */
  readonly selfService?: SelfService;
  /** Facts about images, over those of the built-in table. */
  readonly images?: readonly ImageEntry[];
  /** Globs on account names. Owner references from these accounts are trusted, as are those from Kubernetes' controllers. */
  readonly operators: readonly string[];
  /** The accounts that manage kinds, by `Kind.group`, where their names do not show it. */
  readonly operatorKinds?: Readonly<Record<string, string>>;
  /** Additional kinds with a Pod template. */
  readonly podTemplates: readonly PodTemplateKind[];
}

/** The weaker of two modes, as where a ceiling applies. */
export const weaker = (a: Mode, b: Mode): Mode => (strengthOf[a] < strengthOf[b] ? a : b);
/** Whether a mode is as strong as another one. */
export const isAtLeast = (mode: Mode, floor: Mode): boolean => strengthOf[mode] >= strengthOf[floor];

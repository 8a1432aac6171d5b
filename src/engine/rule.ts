import type { Edit } from '../patch/edits.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import type { RareField } from '../subject/rare-fields.ts';
import type { StatedFacts } from './image-entry.ts';
import type { NeighborKind, Neighbors } from './neighbors.ts';
import type { OptionSchemas, OptionsOf, OptionValues } from './options.ts';

/** The reactions to a finding, weakest first. */
export const modes = ['off', 'audit', 'warn', 'enforce'] as const;
export type Mode = (typeof modes)[number];
/** How strong a mode is, for comparison. */
export const strengthOf: Readonly<Record<Mode, number>> = { off: 0, audit: 1, warn: 2, enforce: 3 };

/** How bad a finding is, worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];
/** The rank of a severity, for comparison. */
export const rankOf: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/** The quality that a rule protects. */
export type Category = 'security' | 'reliability' | 'efficiency';

/** The chapters of the catalogue. Rules of `resources` also apply to an in-place resize. */
export const groups = ['pod-security', 'hardening', 'resources', 'life-cycle', 'probes', 'shape', 'images'] as const;
export type Group = (typeof groups)[number];

/**
 * A value at fault, for comparison with an older version of the object: of texts, the new version may have only those
 * of the old one; of numbers, the larger is worse; of paths, each must be one of the old one or below it.
 */
export type Fault = string | readonly string[] | number | { readonly accesses: readonly Access[] };

/** A way to access a path with all that is below it. The path is absolute and normal. */
export interface Access {
  readonly way: string;
  readonly path: string;
}

/** `none`, or `behavior` if a running program may notice a difference. */
export type Risk = 'none' | 'behavior';

/** One place where the subject breaks a rule. */
export interface Finding {
  readonly path: Pointer;
  /** The container at fault, if it is in a container. */
  readonly container?: string | undefined;
  /** The problem and the advice, one clause, without capital, full stop or the container's name. */
  readonly message: string;
  /** How bad the value is, unless the place alone identifies the finding: an update may keep it, but not make it worse. */
  readonly fault?: Fault | undefined;
  /**
   * The place by which an update recognizes the finding, where its path and container depend on other parts of the Pod.
   * It need not exist.
   */
  readonly identity?: Pointer;
  /** Creates the edits that repair it; absent if only the Pod's author can decide. */
  readonly fix?: (() => readonly Edit[]) | undefined;
  /** The risk of this very fix, if more is known than of the rule's fixes in general. */
  readonly risk?: Risk;
  /** The fix is for manifests only, because admission does not know the neighbors that the finding is about. */
  readonly manifestsOnly?: boolean;
  /** Only a template has it: its Pods do not know how many there are. */
  readonly templateOnly?: boolean;
}

export interface RuleDocs {
  /** The requirement in one sentence. */
  readonly summary: string;
  /** The damage without it. */
  readonly why: string;
  /** A Pod spec (YAML) that breaks this rule and no other, or the documents of whole objects. */
  readonly bad: string;
  readonly good: string;
  /** The options for the examples, if the defaults require nothing. */
  readonly exampleOptions?: OptionValues;
  /** Public, accessible sources as `Name, https://…`, the most authoritative first, separated by `; `. */
  readonly source: string;
  /** Where Podwright is stricter or more lenient than its sources, and why. */
  readonly departs?: string;
}

/** The possible effect of a fix on a running program. */
export interface RuleFix {
  /** Whether `recommended` and `strict` enable it. */
  readonly byDefault: boolean;
  /** The risk of its fixes in general. */
  readonly risk: Risk;
  /**
   * Repairs manifests, but nothing at admission, where it would be too late to take effect: admission reports the
   * finding as not repaired.
   */
  readonly manifestsOnly?: true;
  /** The value that the fix sets, what it can break and how to opt out. */
  readonly effect: string;
}

/** The knowledge of a rule beyond the Pod. */
export interface RuleContext {
  /** The minor version of Kubernetes 1 to check against; the newest known one if the cluster's is unknown. */
  readonly minor: number;
  /** Whether the cluster is known to have at least this minor version, for fixes that need a feature. */
  supports(minor: number): boolean;
  /**
   * Whether a controller of Kubernetes creates the Pod from a template. Such a Pod is never applied again as written,
   * so a fix cannot conflict with a later apply.
   */
  isMadeByController(pod: PodSubject): boolean;
  /** The subject's namespace, if known. */
  readonly namespace: string | undefined;
  /** The possible names of its top-level owner as `Kind/name`, as far as they are trusted; none if unknown. */
  readonly workloads: readonly string[];
  /**
   * The objects beside the Pod; undefined where none are known, as at admission, for a file on its own, and in a cluster
   * for a rule that declares none in `reads`.
   */
  readonly neighbors: Neighbors | undefined;
  /** The facts in the policy and the built-in table about an image. */
  factsOf(image: string): StatedFacts;
  /** Whether another rule is evaluated, so that one defect is reported once. */
  isOn(rule: string): boolean;
  /** The options of another rule, for a fix that includes the other rule's. */
  optionsOf<Options>(rule: string): Options;
}

/** The presets that a policy can extend, besides `none`. */
export type PresetName = 'recommended' | 'strict' | 'pss-baseline' | 'pss-restricted';

/** One requirement for Pods: its purpose, its configuration and the check itself. */
export interface Rule<Options extends OptionSchemas = OptionSchemas> {
  readonly id: string;
  readonly group: Group;
  readonly category: Category;
  readonly severity: Severity;
  /** The mode in `recommended`. */
  readonly mode: Mode;
  /**
   * The mode in `strict` if it is not `enforce`: `off` for a requirement that only some clusters have, `audit` for one
   * that is never worth a denial.
   */
  readonly strictMode?: Mode;
  /**
   * Its findings depend on objects beside the Pod, so it does not apply where these are not known, as at admission.
   * `strict` keeps its mode: with `enforce`, an audit would announce denials that never happen.
   */
  readonly needsNeighbors?: true;
  /**
   * The kinds of objects that it reads beside a Pod of a cluster: only those of enabled rules are listed, and a rule
   * without any gets no neighbors there.
   */
  readonly reads?: readonly NeighborKind[];
  readonly fix?: RuleFix;
  readonly docs: RuleDocs;
  readonly options: Options;
  /** Options that presets override. A `pss-*` preset contains exactly the rules that name it here. */
  readonly presets?: { readonly [Name in PresetName]?: Partial<OptionsOf<Options>> };
  /**
   * A Pod that sets none of these fields has no findings, so the check is skipped; absent if any Pod can have some. A copy
   * of the rule with another check must not keep it.
   */
  readonly onlyWith?: readonly RareField[];
  /** The `presetVersion` that added the rule; 1 if absent. */
  readonly since?: number;
  /** Why the rule does not apply to this subject, as a clause: `a Job's Pod ends by itself`. */
  notApplicable?(pod: PodSubject, options: OptionsOf<Options>, context: RuleContext): string | undefined;
  /** Pure: reads only its arguments and changes nothing. */
  check(pod: PodSubject, options: OptionsOf<Options>, context: RuleContext): Iterable<Finding>;
}

/** Identity function that infers the types of a rule's options, so that rules with different options can share a list. */
export function defineRule<const Options extends OptionSchemas>(rule: Rule<Options>): Rule {
  return rule;
}

import type { Edit } from '../patch/edits.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import type { OptionSchemas, OptionsOf, OptionValues } from './options.ts';

/** What is done about a finding, weakest first. */
export const modes = ['off', 'audit', 'warn', 'enforce'] as const;
export type Mode = (typeof modes)[number];
/** How strong a mode is, for comparison. */
export const strengthOf: Readonly<Record<Mode, number>> = { off: 0, audit: 1, warn: 2, enforce: 3 };

/** How bad a finding is, worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];
/** Where a severity stands among them, for comparison. */
export const rankOf: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

export type Category = 'security' | 'reliability' | 'efficiency';

/** The chapters of the catalogue. `resources` is what an in-place resize is judged by. */
export const groups = ['pod-security', 'hardening', 'resources', 'life-cycle', 'probes', 'shape', 'images'] as const;
export type Group = (typeof groups)[number];

/**
 * A value at fault, for comparison with that of an older version of the object: of texts the new one may have no more
 * than the old one had; of numbers the larger is the worse.
 */
export type Fault = string | readonly string[] | number;

/** One place where the subject breaks a rule. */
export interface Finding {
  readonly path: Pointer;
  /** The container at fault, where it is one. */
  readonly container?: string | undefined;
  /** What is wrong and what to do, one clause, without capital, full stop or the container's name. */
  readonly message: string;
  /** How bad the value there is, where the place alone does not tell: an update may keep it, and not make it worse. */
  readonly fault?: Fault | undefined;
  /** Makes the edits that put it right; absent when only the author of the Pod can decide. */
  readonly fix?: (() => readonly Edit[]) | undefined;
}

export interface RuleDocs {
  /** What the rule asks for, one sentence. */
  readonly summary: string;
  /** What goes wrong without it. */
  readonly why: string;
  /** A Pod spec (YAML) that breaks the rule, and nothing else to do with it. */
  readonly bad: string;
  readonly good: string;
  /** The options under which the examples are what they say, where the defaults ask for nothing. */
  readonly exampleOptions?: OptionValues;
  /** What it is based on, public and openable: `Name, https://…`, the most authoritative first, separated by `; `. */
  readonly source: string;
  /** Where Podwright goes further than its sources, or less far, and why. */
  readonly departs?: string;
}

/** What a fix may do to a program that runs today. */
export interface RuleFix {
  /** Whether `recommended` and `strict` switch it on. */
  readonly byDefault: boolean;
  /** `none`, or `behavior`: a running program may see a difference. */
  readonly risk: 'none' | 'behavior';
  /**
   * Repairs manifests and nothing at admission, where it comes too late to take effect: a finding is told with its fix,
   * and stays.
   */
  readonly manifestsOnly?: true;
  /** What the fix writes, what it can break and how to opt out. */
  readonly effect: string;
}

/** What a rule may ask about the world beyond the Pod. */
export interface RuleContext {
  /** The minor version of Kubernetes 1 to judge by; the newest known when the cluster's is not known. */
  readonly minor: number;
  /** Whether the cluster is known to be at least at this minor version: what a fix that needs a feature asks. */
  supports(minor: number): boolean;
  /**
   * Whether a controller of Kubernetes makes the Pod from a template. Then it is never applied again as it was written,
   * and what a fix changes of it is in the way of no one.
   */
  isMadeByController(pod: PodSubject): boolean;
  /** Whether another rule is evaluated, so that one defect is reported once. */
  isOn(rule: string): boolean;
  /** The options of another rule; a fix that brings another's along needs them. */
  optionsOf<Options>(rule: string): Options;
}

export type PresetName = 'recommended' | 'strict' | 'pss-baseline' | 'pss-restricted';

/** One requirement on Pods: what it is, why, how it is configured, and the check itself. */
export interface Rule<Options extends OptionSchemas = OptionSchemas> {
  readonly id: string;
  readonly group: Group;
  readonly category: Category;
  readonly severity: Severity;
  /** The mode in `recommended`. */
  readonly mode: Mode;
  readonly fix?: RuleFix;
  readonly docs: RuleDocs;
  readonly options: Options;
  /** Options that presets set otherwise. A `pss-*` preset holds the rules that name it here, and no others. */
  readonly presets?: { readonly [Name in PresetName]?: Partial<OptionsOf<Options>> };
  /** The `presetVersion` that brought the rule; 1 when absent. */
  readonly since?: number;
  /** Why the rule has nothing to say about this subject, as a clause: `a Job's Pod ends by itself`. */
  notApplicable?(pod: PodSubject, options: OptionsOf<Options>, context: RuleContext): string | undefined;
  /** Pure: reads only its arguments and changes nothing. */
  check(pod: PodSubject, options: OptionsOf<Options>, context: RuleContext): Iterable<Finding>;
}

/** Identity function that infers the types of a rule's options, and lets rules of all options share one list. */
export function defineRule<const Options extends OptionSchemas>(rule: Rule<Options>): Rule {
  return rule;
}

/**
 * The engine as a library, typed and without input or output: the same engine that the webhook and the command line use.
 *
 * @example
 * import { defaultPolicy, evaluate, rules } from 'podwright';
 * const { findings, patch } = evaluate({ pod }, defaultPolicy(rules), { minor: 36 });
 *
 * @module
 */
export { type Circumstances, OutOfTime } from './engine/circumstances.ts';
export { type EvaluatedFinding, type Evaluation, evaluate } from './engine/evaluate.ts';
export type { Exemption, ExemptionMatch, Origin } from './engine/exemption.ts';
export type { Namespace, NamespaceEntry } from './engine/namespace-entry.ts';
export { policyIn } from './engine/namespace-policy.ts';
export type { OptionSchema, OptionSchemas, OptionsOf } from './engine/options.ts';
export { newestMinor } from './engine/plan.ts';
export type { Policy } from './engine/policy.ts';
export {
  type Category,
  defineRule,
  type Fault,
  type Finding,
  type Group,
  type Mode,
  type Rule,
  type RuleContext,
  type RuleDocs,
  type RuleFix,
  type Severity,
} from './engine/rule.ts';
export type { RuleSetting } from './engine/rule-setting.ts';
export type { RuleFinding as JudgedFinding } from './engine/tally.ts';
export { type EmbeddedPod, embeddedPodsOf, type PodTemplateKind } from './manifests/pod-template.ts';
export { applyPatch } from './patch/apply-patch.ts';
export { append, type Edit, raise, set, unset } from './patch/edits.ts';
export { type PatchOperation, toJsonPatch } from './patch/json-patch.ts';
export { type Pointer, pointer } from './patch/pointer.ts';
export { defaultPolicy } from './policy/default-policy.ts';
export { loadPolicy } from './policy/load.ts';
export { rules } from './rules/index.ts';
export type { ContainerView } from './subject/container-view.ts';
export { type LimitDefaults, limitDefaultsOf } from './subject/limit-range.ts';
export type { PodSubject, SubjectSource } from './subject/pod-subject.ts';

export { type ExemptionEnd, endsSoon, hasExpired, soonDays } from './exemption-ends.ts';
export { type Outlook, type WorkloadOutcome, workloadOutcomes, workloadOutcomesOf } from './outlook.ts';
export {
  hinderedIn,
  isHindered,
  type NamespacePreview,
  type Preview,
  previewOf,
  type RuleTotals,
  type Totals,
  type WorkloadPreview,
} from './preview.ts';
export { type PreviewQuestion, previewPolicies, withCeiling } from './preview-policies.ts';
export type { Suggestion } from './suggestion.ts';

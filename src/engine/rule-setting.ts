import type { OptionValues } from './options.ts';
import type { Mode, Rule } from './rule.ts';

/** A rule with the settings of the policy. */
export interface RuleSetting {
  readonly rule: Rule;
  readonly mode: Mode;
  readonly fix: boolean;
  readonly options: OptionValues;
}

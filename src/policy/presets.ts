import { defaultsOf } from '../engine/options.ts';
import { type RuleSetting, weaker } from '../engine/policy.ts';
import type { Mode, PresetName, Rule } from '../engine/rule.ts';

/** What a policy's `extends` may name. */
export const presets = ['recommended', 'strict', 'pss-baseline', 'pss-restricted', 'none'] as const;
export type Preset = (typeof presets)[number];

/**
 * The setting that a preset gives each rule, in the order of the rules. Rules that are newer than the pinned
 * `presetVersion` act at most as `audit`.
 */
export function presetSettings(preset: Preset, rules: readonly Rule[], presetVersion = Infinity): RuleSetting[] {
  return rules.map((rule) => {
    const setting = preset === 'none' ? offSetting(rule) : namedSetting(preset, rule);
    const isNewer = (rule.since ?? 1) > presetVersion;
    return isNewer ? { ...setting, mode: weaker(setting.mode, 'audit') } : setting;
  });
}

function namedSetting(preset: PresetName, rule: Rule): RuleSetting {
  const ownOptions = rule.presets?.[preset];
  const isStandard = preset === 'pss-baseline' || preset === 'pss-restricted';
  if (isStandard && ownOptions === undefined) return offSetting(rule);
  const mode: Mode = preset === 'recommended' ? rule.mode : 'enforce';
  const fix = !isStandard && rule.fix?.byDefault === true;
  return { rule, mode, fix, options: { ...defaultsOf(rule.options), ...ownOptions } };
}

/** Where a policy switches such a rule on, the fix stays off until the policy asks for it too. */
function offSetting(rule: Rule): RuleSetting {
  return { rule, mode: 'off', fix: false, options: defaultsOf(rule.options) };
}

import { defaultsOf } from '../engine/options.ts';
import { weaker } from '../engine/policy.ts';
import type { Mode, PresetName, Rule } from '../engine/rule.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';

/** The values of a policy's `extends`. */
export const presets = ['recommended', 'strict', 'pss-baseline', 'pss-restricted', 'none'] as const;
export type Preset = (typeof presets)[number];

/**
 * A preset's setting for each rule, in the order of the rules. Rules newer than the pinned `presetVersion` have at most
 * the mode `audit`.
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
  const mode = modeIn(preset, rule);
  const fix = !isStandard && rule.fix?.byDefault === true;
  return { rule, mode, fix, options: { ...defaultsOf(rule.options), ...ownOptions } };
}

function modeIn(preset: PresetName, rule: Rule): Mode {
  if (preset === 'recommended') return rule.mode;
  if (preset !== 'strict') return 'enforce';
  return rule.strictMode ?? (rule.needsNeighbors ? rule.mode : 'enforce');
}

/** If a policy enables such a rule, its fix stays off unless the policy enables it too. */
function offSetting(rule: Rule): RuleSetting {
  return { rule, mode: 'off', fix: false, options: defaultsOf(rule.options) };
}

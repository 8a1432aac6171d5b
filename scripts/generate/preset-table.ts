import type { Rule } from '../../src/engine/rule.ts';
import type { RuleSetting } from '../../src/engine/rule-setting.ts';
import { presetSettings, presets } from '../../src/policy/presets.ts';
import { code, generatedFrom, tableLines } from './markdown.ts';

const named = presets.filter((preset) => preset !== 'none');

/** The page that shows every rule in every preset. */
export function presetTable(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => [
    `[${rule.id}](rules/${rule.id}.md)`,
    ...named.map((preset) => presetSettings(preset, [rule]).map(settingCell).join('')),
  ]);
  return [
    generatedFrom('src/rules and src/policy/presets.ts'),
    '# Presets',
    '',
    `A policy's ${code('extends')} names one of these; ${code('none')} has every rule ${code('off')}. Options for which`,
    "a preset and the rule have different defaults are on the rule's page. A rule that is `off` in all of them is a requirement",
    'that only some clusters have: enable it under `rules`.',
    '',
    ...tableLines(['Rule', ...named.map(code)], rows),
    '',
  ].join('\n');
}

/** Lines of the table on a rule's page: its setting in each preset. */
export function presetLines(rule: Rule): string[] {
  const rows = named.map((preset) => [
    code(preset),
    presetSettings(preset, [rule]).map(settingCell).join(''),
    optionsCell(rule.presets?.[preset] ?? {}),
  ]);
  const hasOptions = rows.some(([, , options]) => options !== '');
  const width = hasOptions ? 3 : 2;
  return tableLines(
    ['Preset', 'Mode', 'Options'].slice(0, width),
    rows.map((row) => row.slice(0, width)),
  );
}

const settingCell = ({ mode, fix }: RuleSetting): string => `${code(mode)}${mode !== 'off' && fix ? ', fix' : ''}`;

function optionsCell(options: object): string {
  return Object.entries(options)
    .map(([name, value]) => code(`${name}: ${JSON.stringify(value)}`))
    .join(', ');
}

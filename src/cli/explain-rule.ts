import type { OptionSchema } from '../engine/options.ts';
import type { Rule } from '../engine/rule.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';
import { nearestWord } from '../policy/nearest-word.ts';
import { type CommandResult, rejected, shown } from './command-result.ts';
import { hang } from './output/layout.ts';
import type { Paint } from './output/paint.ts';
import { type PolicyOptions, policyOf } from './policy-options.ts';

/** The page of a rule with its setting in the policy. For an unknown id, suggests the closest one. */
export async function explainRule(id: string, options: PolicyOptions, paint: Paint): Promise<CommandResult> {
  const policy = await policyOf(options);
  if ('problems' in policy) return rejected(...policy.problems);
  const setting = policy.rules.find(({ rule }) => rule.id === id);
  if (setting !== undefined) return shown(ruleText(setting, paint));
  const ids = policy.rules.map(({ rule }) => rule.id);
  const meant = nearestWord(id, ids);
  const advice = meant === undefined ? 'podwright rules lists them all' : `did you mean ${meant}?`;
  return rejected(`there is no rule "${id}"; ${advice}`);
}

/** The documentation of a rule. */
export function ruleText({ rule, mode, fix, options }: RuleSetting, paint: Paint): string {
  const { docs } = rule;
  const setting = rule.fix === undefined ? mode : `${mode}, fix ${fix ? 'on' : 'off'}`;
  const sections = [
    [
      `${paint('strong', rule.id)}  ${rule.severity} ${rule.category}, ${setting}`,
      ...hang('', docs.summary, paint.columns),
    ],
    section('Why', hang('  ', docs.why, paint.columns), paint),
    section('Bad', indented(docs.bad), paint),
    section('Good', indented(docs.good), paint),
    section('Options', optionLines(rule, options, paint.columns), paint),
    section('Fix', fixLines(rule, paint.columns), paint),
    section(
      'Source',
      docs.source.split('; ').flatMap((source) => hang('  ', source, paint.columns)),
      paint,
    ),
    section(
      'How Podwright applies it',
      docs.departs === undefined ? [] : hang('  ', docs.departs, paint.columns),
      paint,
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const section = (title: string, lines: readonly string[], paint: Paint): string[] =>
  lines.length === 0 ? [] : [paint('strong', title), ...lines];

const indented = (yaml: string): string[] =>
  yaml
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);

function fixLines({ fix }: Rule, columns: number): string[] {
  if (fix === undefined) return ['  none: only the author of the Pod can decide'];
  const risk = fix.risk === 'none' ? 'no risk' : 'can change how an application behaves';
  return [`  ${risk}; ${fix.byDefault ? 'on' : 'off'} by default`, ...hang('  ', fix.effect, columns)];
}

function optionLines(rule: Rule, values: RuleSetting['options'], columns: number): string[] {
  return Object.entries(rule.options).flatMap(([name, schema]) => {
    const value = values[name];
    const isSet = JSON.stringify(value) !== JSON.stringify(schema.default);
    const now = isSet ? [`this policy: ${shownValue(value)}`] : [];
    const facts = [typeOf(schema), `default ${JSON.stringify(schema.default) ?? 'none'}`, ...now];
    return [...hang(`  ${name}  `, facts.join(', '), columns), ...hang('    ', schema.description, columns)];
  });
}

/** A longer list is only counted. */
const maxShown = 20;

const shownValue = (value: unknown): string =>
  Array.isArray(value) && value.length > maxShown ? `${value.length} entries` : JSON.stringify(value);

function typeOf(schema: OptionSchema): string {
  switch (schema.type) {
    case 'array':
      return schema.items.type === 'object' ? `list of ${keysOf(schema.items)}` : 'list of strings';
    case 'string':
      return schema.enum?.join(' | ') ?? schema.format ?? 'string';
    case 'integer':
      return `integer${rangeOf(schema.minimum, schema.maximum)}`;
    case 'boolean':
      return 'boolean';
  }
}

const keysOf = ({ properties }: { readonly properties: object }): string =>
  `mappings with ${Object.keys(properties).join(', ')}`;

function rangeOf(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` from ${minimum}`;
  return maximum === undefined ? '' : ` up to ${maximum}`;
}

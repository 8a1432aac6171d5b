import { groups, type Rule } from '../../src/engine/rule.ts';
import { code, generatedFrom, tableLines } from './markdown.ts';
import { fixCell, groupTitles } from './rule-cells.ts';

/** The catalogue, group by group. */
export function ruleOverview(rules: readonly Rule[]): string {
  const sections = groups
    .map((group) => rules.filter((rule) => rule.group === group))
    .filter((members) => members.length > 0)
    .map(groupSection);
  return [
    generatedFrom('src/rules'),
    '# Rules',
    '',
    `Podwright has ${rules.length} rules. Mode and fix are those of the preset ${code('recommended')};`,
    'the other presets are in [presets.md](../presets.md).',
    ...sections.flatMap((lines) => ['', ...lines]),
    '',
  ].join('\n');
}

function groupSection(rules: readonly Rule[]): string[] {
  const rows = rules.map((rule) => [
    `[${rule.id}](${rule.id}.md)`,
    rule.severity,
    code(rule.mode),
    fixCell(rule),
    rule.docs.summary,
  ]);
  const title = rules[0] === undefined ? '' : groupTitles[rules[0].group];
  return [`## ${title}`, '', ...tableLines(['Rule', 'Severity', 'Mode', 'Fix', 'Requires'], rows)];
}

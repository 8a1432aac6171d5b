import type { OptionSchema } from '../../src/engine/options.ts';
import type { Rule } from '../../src/engine/rule.ts';
import { code, generatedFrom, tableLines, yamlBlock } from './markdown.ts';
import { presetLines } from './preset-table.ts';
import { groupTitles } from './rule-cells.ts';

/** The documentation page of a rule. */
export function rulePage(rule: Rule): string {
  const { docs } = rule;
  const sections = [
    [generatedFrom(`src/rules/${rule.id}.ts`), `# ${rule.id}`],
    [docs.summary],
    tableLines(['Group', 'Category', 'Severity'], [[groupTitles[rule.group], rule.category, rule.severity]]),
    ['## Why', '', docs.why],
    ['## Example', '', `${exampleCondition(rule)} Pod breaks the rule:`, '', ...yamlBlock(docs.bad)],
    ['This one does not:', '', ...yamlBlock(docs.good)],
    fixSection(rule),
    ['## Presets', '', ...presetLines(rule)],
    optionsSection(rule),
    ['## Source', '', ...docs.source.split('; ').map(sourceLine)],
    docs.departs === undefined ? [] : ['### How Podwright applies it', '', docs.departs],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function exampleCondition({ docs: { exampleOptions = {} } }: Rule): string {
  const options = Object.entries(exampleOptions).map(([name, value]) => code(`${name}: ${JSON.stringify(value)}`));
  return options.length === 0 ? 'This' : `With ${options.join(', ')} this`;
}

function fixSection(rule: Rule): string[] {
  const { fix } = rule;
  if (fix === undefined) return ['## Fix', '', 'None: only the author of the Pod can decide.'];
  const risk =
    fix.risk === 'none' ? 'A running program sees no difference.' : 'A running program may see a difference.';
  const state = fix.byDefault ? 'on by default' : `off by default; switch it on with ${code('fix: true')}`;
  const reach = fix.manifestsOnly ? ' It repairs manifests (`podwright fix`); at admission the finding stays.' : '';
  return ['## Fix', '', `${fix.effect} ${risk}`, '', `It is ${state}.${reach}`];
}

function optionsSection({ options }: Rule): string[] {
  const entries = Object.entries(options);
  if (entries.length === 0) return [];
  const rows = entries.map(([name, schema]) => [code(name), typeCell(schema), defaultCell(schema), schema.description]);
  return ['## Options', '', ...tableLines(['Option', 'Type', 'Default', 'Meaning'], rows)];
}

function typeCell(schema: OptionSchema): string {
  switch (schema.type) {
    case 'boolean':
      return 'boolean';
    case 'integer':
      return [
        'integer',
        schema.minimum !== undefined && `from ${schema.minimum}`,
        schema.maximum && `to ${schema.maximum}`,
      ]
        .filter(Boolean)
        .join(' ');
    case 'string':
      return schema.enum?.map(code).join(', ') ?? schema.format ?? 'string';
    case 'array':
      return schema.items.type === 'object'
        ? `list of mappings with ${Object.keys(schema.items.properties).map(code).join(', ')}`
        : 'list of strings';
  }
}

function defaultCell({ default: value }: OptionSchema): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value))
    return value.length === 0 ? code('[]') : value.map((element) => code(String(element))).join(', ');
  return code(String(value));
}

/** `Name, https://…` as a link. */
const sourceLine = (source: string): string => source.replace(/^(.*), (https:\S+)$/, '- [$1]($2)');

import type { Rule } from '../../src/engine/rule.ts';
import type { JsonSchema } from '../../src/policy/json-schema.ts';
import { policySchema } from '../../src/policy/schema.ts';
import { code, generatedFrom, tableLines } from './markdown.ts';
import { policySections } from './policy-sections.ts';
import { serveFlags } from './serve-flags.ts';

/** The policy's JSON Schema as a file. */
export const policySchemaFile = (rules: readonly Rule[]): string => `${JSON.stringify(policySchema(rules), null, 2)}\n`;

/** The page of all keys of a policy file. */
export function configurationPage(rules: readonly Rule[]): string {
  return [
    generatedFrom('src/policy/schema.ts, src/cli/serve-command-options.ts and scripts/generate/policy-sections.ts'),
    '# Policy file',
    '',
    'A policy is a YAML or JSON file. Keys that are not listed here are errors; `podwright policy check FILE` reports every',
    'problem with its line. For editors, there is a JSON Schema: [policy.schema.json](policy.schema.json), also printed by',
    '`podwright policy schema`.',
    '',
    ...tableLines(['Key', 'Value', 'Default', 'Meaning'], keyRows(policySchema(rules), '')),
    '',
    'As a mode, `false` means `off`, because Helm and other YAML 1.1 tools convert an unquoted `off`. See the',
    '[rule pages](rules/README.md) for the options of each rule, and [presets](presets.md) for a table of all presets.',
    '',
    policySections,
    serveFlags(),
  ].join('\n');
}

function keyRows({ properties = {}, required = [] }: JsonSchema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const key = `${prefix}${name}`;
    const row = [code(key), valueCell(schema), defaultCell(schema, required.includes(name)), schema.description ?? ''];
    return [row, ...keyRows(membersOf(key, schema), `${key}.`), ...keyRows(schema.items ?? {}, `${key}[].`)];
  });
}

/** Settings of rules have the same keys for every rule, so one stands for all. */
function membersOf(key: string, schema: JsonSchema): JsonSchema {
  if (key.endsWith('.options')) return {};
  if (!/(^|\.)rules$/.test(key) || schema.properties === undefined) return schema;
  const before = key === 'rules' ? 'preset' : 'policy';
  const keys = ['mode', 'fix', 'options'];
  const members = Object.values(schema.properties).map(({ properties = {} }) => properties);
  const entries = keys.flatMap((name): [string, JsonSchema][] => {
    const member = members.find((properties) => properties[name] !== undefined)?.[name];
    const { default: _, description: __, ...rest } = member ?? {};
    return member === undefined ? [] : [[name, { ...rest, description: meaningOf(name, before) }]];
  });
  return {
    properties: { '<rule>': { type: 'object', description: 'One rule.', properties: Object.fromEntries(entries) } },
  };
}

function meaningOf(name: string, before: 'preset' | 'policy'): string {
  if (name === 'mode') return `What happens to its findings. Absent: as in the ${before}.`;
  if (name === 'fix') return `Whether its findings are repaired. Absent: as in the ${before}.`;
  return `Its options, over those of the ${before} one by one; lists replace as a whole.`;
}

function valueCell({
  const: only,
  enum: values,
  type,
  items,
  format,
  minimum,
  additionalProperties,
}: JsonSchema): string {
  if (only !== undefined) return code(only);
  if (values !== undefined) {
    const named = values.filter((value) => value !== false);
    return named.map((value) => code(String(value))).join(', ');
  }
  if (typeof additionalProperties === 'object') return `object of ${typesOf(additionalProperties)}s`;
  if (items?.enum !== undefined) return 'list of rule ids';
  if (type === 'array') return `list of ${typesOf(items ?? {})}s`;
  if (format !== undefined) return format;
  if (typeof type === 'object') return typesOf({ type });
  return minimum === undefined ? (type ?? '') : `${type} from ${minimum}`;
}

const typesOf = ({ type = 'value' }: JsonSchema): string => [type].flat().join(' or ');

function defaultCell({ default: value }: JsonSchema, isRequired: boolean): string {
  if (isRequired) return 'required';
  return value === undefined ? '' : code(typeof value === 'string' ? value : JSON.stringify(value));
}

import type { Rule } from '../../src/engine/rule.ts';
import { type JsonSchema, policySchema } from '../../src/policy/schema.ts';
import { code, generatedFrom, tableLines } from './markdown.ts';

/** The policy's JSON Schema as a file. */
export const policySchemaFile = (rules: readonly Rule[]): string => `${JSON.stringify(policySchema(rules), null, 2)}\n`;

/** The page of all keys of a policy file. */
export function configurationPage(rules: readonly Rule[]): string {
  return [
    generatedFrom('src/policy/schema.ts'),
    '# Policy file',
    '',
    'A policy is a YAML or JSON file. A key that is not listed here is an error; `podwright policy check FILE` names every',
    'problem with its line. The same as JSON Schema, for editors: [policy.schema.json](policy.schema.json), which',
    '`podwright policy schema` prints too.',
    '',
    ...tableLines(['Key', 'Value', 'Default', 'Meaning'], keyRows(policySchema(rules), '')),
    '',
    'Where a mode stands, `false` is read as `off`: Helm and other YAML 1.1 tools turn an unquoted `off` into it. The options of',
    'each rule are on [its page](rules/README.md), the presets in [a table](presets.md).',
    '',
  ].join('\n');
}

function keyRows({ properties = {}, required = [] }: JsonSchema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const key = `${prefix}${name}`;
    const row = [code(key), valueCell(schema), defaultCell(schema, required.includes(name)), schema.description ?? ''];
    return [row, ...keyRows(membersOf(name, schema), `${key}.`), ...keyRows(schema.items ?? {}, `${key}[].`)];
  });
}

/** Settings of rules have the same keys for every rule, so one stands for all. */
function membersOf(name: string, schema: JsonSchema): JsonSchema {
  if (name === 'options') return {};
  if (name !== 'rules' || schema.properties === undefined) return schema;
  const keys = ['mode', 'fix', 'options'];
  const members = Object.values(schema.properties).map(({ properties = {} }) => properties);
  const entries = keys.flatMap((key): [string, JsonSchema][] => {
    const member = members.find((properties) => properties[key] !== undefined)?.[key];
    const { default: _, description: __, ...rest } = member ?? {};
    return member === undefined ? [] : [[key, { ...rest, description: meanings[key] ?? '' }]];
  });
  return {
    properties: { '<rule>': { type: 'object', description: 'One rule.', properties: Object.fromEntries(entries) } },
  };
}

const meanings: Readonly<Record<string, string>> = {
  mode: 'What is done about its findings. Absent: as in the preset.',
  fix: 'Whether its findings are repaired. Absent: as in the preset.',
  options: 'Its options, over those of the preset one by one; lists replace as a whole.',
};

function valueCell({ const: only, enum: values, type, items, format, minimum }: JsonSchema): string {
  if (only !== undefined) return code(only);
  if (values !== undefined) {
    const named = values.filter((value) => value !== false);
    return named.map((value) => code(String(value))).join(', ');
  }
  if (type === 'array') return `list of ${items?.type === 'object' ? 'objects' : `${items?.type ?? 'value'}s`}`;
  if (format !== undefined) return format;
  return minimum === undefined ? (type ?? '') : `${type} from ${minimum}`;
}

function defaultCell({ default: value }: JsonSchema, isRequired: boolean): string {
  if (isRequired) return 'required';
  return value === undefined ? '' : code(typeof value === 'string' ? value : JSON.stringify(value));
}

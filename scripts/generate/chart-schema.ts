import type { Rule } from '../../src/engine/rule.ts';
import type { JsonSchema } from '../../src/policy/json-schema.ts';
import { policySchema } from '../../src/policy/schema.ts';
import type { ChartValue } from './chart-values.ts';

/** A JSON Schema of any keywords. */
type AnySchema = Readonly<Record<string, unknown>>;

/** The JSON Schema (draft-07) by which Helm checks values; everything that is not in values.yaml is rejected. */
export function chartSchemaFile(values: readonly ChartValue[], rules: readonly Rule[]): string {
  const fromParents = {
    enabled: { description: 'For the condition of a parent chart.', type: 'boolean' },
  };
  const { properties, ...rest } = groupSchema(values);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the Podwright chart',
    ...rest,
    properties: { ...(properties as object), ...fromParents },
    definitions: { policy: policyPart(rules) },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Values whose keys agree up to the depth, as one object. A parent chart may put more into `global`. */
function groupSchema(values: readonly ChartValue[], depth = 0): AnySchema {
  const byName = Map.groupBy(values, ({ key }) => key[depth] ?? '');
  const properties = [...byName].map(([name, group]) => {
    const [first] = group;
    const isValue = first !== undefined && first.key.length === depth + 1;
    return [name, isValue ? valueSchema(first) : groupSchema(group, depth + 1)];
  });
  const required = [...byName].filter(([, group]) => isRequired(group, depth)).map(([name]) => name);
  const isGlobal = depth > 0 && values[0]?.key[0] === 'global';
  return {
    type: 'object',
    additionalProperties: isGlobal,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(properties),
  };
}

/**
 * Whether templates need the key, which Helm removes where values have it without a value. Text, lists and objects that
 * may be empty may also be missing.
 */
function isRequired([value]: readonly ChartValue[], depth: number): boolean {
  if (value === undefined || value.key.length > depth + 1) return true;
  const { byDefault, constraints } = value;
  if (typeof byDefault === 'boolean' || typeof byDefault === 'number' || constraints.$ref !== undefined) return true;
  return typeof byDefault === 'string' && (constraints.enum?.includes('') === false || constraints.minLength === 1);
}

function valueSchema({ byDefault, description, constraints }: ChartValue): AnySchema {
  const { $ref, enum: choices } = constraints;
  // beside a reference, draft-07 reads nothing
  if ($ref !== undefined) return { $ref };
  const type = choices === undefined ? { type: typeOf(byDefault) } : {};
  return { description, ...type, ...constraints, default: byDefault };
}

function typeOf(value: unknown): string {
  if (Number.isInteger(value)) return 'integer';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Keys of `policy` in values that are about its ConfigMap. */
const configMapKeys: AnySchema = {
  existingConfigMap: {
    description:
      'A ConfigMap in the namespace of the release with the policy file in its key policy.yaml. The chart creates none.',
    type: 'string',
    maxLength: 253,
  },
  createOnce: {
    description: 'Whether Helm only creates the ConfigMap, and neither changes nor deletes it later.',
    type: 'boolean',
  },
};

/** The policy file without what the chart itself writes. Helm knows neither of its formats: patterns stand for them. */
function policyPart(rules: readonly Rule[]): AnySchema {
  const { type, description, additionalProperties, properties = {} } = policySchema(rules);
  const { apiVersion: _, kind: __, mode: ___, ...rest } = properties;
  return {
    description,
    type,
    additionalProperties,
    properties: { ...mapValues(rest, withPatterns), ...configMapKeys },
  };
}

function withPatterns(schema: JsonSchema): JsonSchema {
  const { format, properties, items, ...rest } = schema;
  return {
    ...rest,
    ...(format === 'quantity' && { pattern: quantityPattern }),
    ...(format?.endsWith('Range') === true && { pattern: rangePattern }),
    ...(properties && { properties: mapValues(properties, withPatterns) }),
    ...(items && { items: withPatterns(items) }),
  };
}

const rangePattern = String.raw`^\d{1,10}(-(\d{1,10})?)?$`;

const quantityPattern = String.raw`^[+-]?(\d+(\.\d*)?|\.\d+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$`;

const mapValues = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

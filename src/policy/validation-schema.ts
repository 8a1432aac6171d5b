import type { Rule } from '../engine/rule.ts';
import { exemptionsFileSchema } from './exemptions-file-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { policySchema } from './schema.ts';

/** A schema with its own definitions. */
export interface ValidationSchema extends JsonSchema {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/**
 * The policy schema without its documentation. Settings of a rule appear once, however many rules and sections share
 * them, because the schema is compiled to code; that makes it a tenth of the size.
 */
export function validationSchema(rules: readonly Rule[]): ValidationSchema {
  const { properties = {}, ...root } = bare(policySchema(rules));
  const { rules: settings = {}, namespaces = {} } = properties;
  const names = new Map<string, string>();
  const shared = Object.entries(settings.properties ?? {}).map(([id, schema]): [string, JsonSchema] => {
    const content = JSON.stringify(schema);
    const name = names.get(content) ?? `settings-of-${id}`;
    names.set(content, name);
    return [id, { $ref: `#/definitions/${name}` }];
  });
  const definitions = Object.fromEntries(
    [...names].map(([content, name]) => [name, JSON.parse(content) as JsonSchema]),
  );
  const rulesSchema: JsonSchema = { $ref: '#/definitions/rules' };
  const entry = namespaces.items ?? {};
  return {
    ...root,
    properties: {
      ...properties,
      rules: rulesSchema,
      namespaces: { ...namespaces, items: { ...entry, properties: { ...entry.properties, rules: rulesSchema } } },
    },
    definitions: { rules: { ...settings, properties: Object.fromEntries(shared) }, ...definitions },
  };
}

/** The schema of files of exemptions without its documentation. */
export const exemptionsValidationSchema = (rules: readonly Rule[]): JsonSchema => bare(exemptionsFileSchema(rules));

/** Without titles, descriptions and defaults; below `properties`, these are ordinary names. */
function bare(schema: JsonSchema): JsonSchema {
  const { $schema: _, title: __, description: ___, default: ____, properties, items, ...rest } = schema;
  return {
    ...rest,
    ...(properties && { properties: mapped(properties) }),
    ...(items && { items: bare(items) }),
  };
}

const mapped = (properties: Readonly<Record<string, JsonSchema>>): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, bare(schema)]));

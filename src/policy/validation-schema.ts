import type { Rule } from '../engine/rule.ts';
import type { JsonSchema } from './json-schema.ts';
import { policySchema } from './schema.ts';

/** A schema that may refer to definitions of its own. */
export interface ValidationSchema extends JsonSchema {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/**
 * What the policy schema asks for without what it only tells people. Settings of rules stand in it once, however many rules
 * and sections have the same: it is compiled to code, a tenth of what the whole schema would be.
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

/** Without titles, descriptions and defaults; below `properties` these are names like any other. */
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

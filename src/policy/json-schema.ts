import { modes } from '../engine/rule.ts';

/** JSON Schema as plain data: the keywords that policies use. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly minProperties?: number;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
}

/** A mapping of these keys and no others. */
export function closedObject(description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { description, type: 'object', additionalProperties: false, properties };
}

/** Helm and other YAML 1.1 tools turn an unquoted `off` into `false`. */
export function mode(description: string, byDefault?: string): JsonSchema {
  return { description, enum: [...modes, false], ...(byDefault !== undefined && { default: byDefault }) };
}

/** The schema of a boolean, with its default for readers. */
export function flag(description: string, byDefault?: boolean): JsonSchema {
  return { description, type: 'boolean', ...(byDefault !== undefined && { default: byDefault }) };
}

/** A list of at least one. */
export function someOf(description: string, items: JsonSchema): JsonSchema {
  return { description, type: 'array', minItems: 1, items };
}

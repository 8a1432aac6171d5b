/**
 * One option of a rule, as JSON Schema in plain data. The policy's schema, the documentation and the defaults all
 * derive from it, and a schema library is only loaded when there is a policy file to validate.
 */
export type OptionSchema = { readonly description: string } & (
  | { readonly type: 'boolean'; readonly default?: boolean }
  | { readonly type: 'integer'; readonly default?: number; readonly minimum?: number; readonly maximum?: number }
  | {
      readonly type: 'string';
      readonly default?: string;
      readonly enum?: readonly string[];
      readonly format?: 'quantity';
    }
  | { readonly type: 'array'; readonly items: TextItems; readonly default?: readonly string[] }
  | { readonly type: 'array'; readonly items: EntryItems; readonly default?: readonly [] }
);

interface TextItems {
  readonly type: 'string';
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: 'portRange' | 'idRange';
}

/** Mappings of these keys and no others. */
interface EntryItems {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, EntryField>>;
}

type EntryField = { readonly description: string } & (
  | { readonly type: 'string'; readonly format?: 'quantity' }
  | { readonly type: 'array'; readonly items: TextItems }
);

export type OptionSchemas = Readonly<Record<string, OptionSchema>>;

type ValueOf<Schema> = Schema extends { readonly type: 'boolean' }
  ? boolean
  : Schema extends { readonly type: 'integer' }
    ? number
    : Schema extends { readonly type: 'array'; readonly items: infer Items }
      ? readonly ItemOf<Items>[]
      : Schema extends { readonly enum: readonly (infer Member)[] }
        ? Member
        : string;

type ItemOf<Items> = Items extends {
  readonly type: 'object';
  readonly required: readonly (infer Required)[];
  readonly properties: infer Fields;
}
  ? {
      readonly [Name in keyof Fields & Required]: FieldOf<Fields[Name]>;
    } & { readonly [Name in Exclude<keyof Fields, Required>]?: FieldOf<Fields[Name]> | undefined }
  : string;

type FieldOf<Field> = Field extends { readonly type: 'array' } ? readonly string[] : string;

/** The values that a rule's check receives. An option without a default may be undefined. */
export type OptionsOf<Schemas extends OptionSchemas> = {
  readonly [Name in keyof Schemas]: Schemas[Name] extends { readonly default: unknown }
    ? ValueOf<Schemas[Name]>
    : ValueOf<Schemas[Name]> | undefined;
};

/** Option values of any rule. */
export type OptionValues = OptionsOf<OptionSchemas>;

/** The defaults of a rule's options. */
export function defaultsOf(schemas: OptionSchemas): OptionValues {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schema.default]));
}

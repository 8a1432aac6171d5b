import { modes, type Rule } from '../engine/rule.ts';
import { presets } from './presets.ts';
import { defaults } from './resolve.ts';

/** JSON Schema as plain data: the keywords that policies use. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

export const apiVersion = 'podwright.dev/v1alpha1';
export const kind = 'Policy';

/** `1.N` with N of at least 28, the oldest supported server. */
const kubernetesVersionPattern = String.raw`^1\.(2[89]|[3-9]\d|[1-9]\d{2,})$`;

/**
 * The JSON Schema (draft-07) of policy files, for editors and for `loadPolicy`. Its format `quantity` is a Kubernetes
 * resource quantity; validators that refuse unknown formats must be told of it.
 */
export function policySchema(rules: readonly Rule[]): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Podwright policy',
    ...closedObject('What is asked of Pods, and what is done about those that fall short.', {
      apiVersion: { description: 'The version of this format.', const: apiVersion },
      kind: { description: 'The kind of this file.', const: kind },
      extends: {
        description: 'The preset that gives each rule its mode, fix and options.',
        enum: presets,
        default: defaults.extends,
      },
      presetVersion: {
        description: 'Rules that joined the presets later act at most as audit. Absent: the newest.',
        type: 'integer',
        minimum: 1,
      },
      kubernetesVersion: {
        description: 'The Kubernetes version to judge by, in quotes. Absent: that of the cluster.',
        type: 'string',
        pattern: kubernetesVersionPattern,
      },
      mode: mode('The ceiling over every rule.', defaults.mode),
      fixes: flag('Whether anything is repaired. Without, what a fix would repair is treated as not fixable.', true),
      workloads: mode('The ceiling over findings in Pod templates of Deployments, Jobs, …', defaults.workloads),
      existing: mode('The ceiling over findings that an update did not introduce.', defaults.existing),
      controllers: mode('The ceiling over findings in Pods that a built-in controller creates.', defaults.controllers),
      annotate: flag('Whether a repaired Pod is annotated with the rules that repaired it.', defaults.annotate),
      rules: closedObject(
        'Settings of single rules, over those of the preset.',
        Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
      ),
    }),
    required: ['apiVersion', 'kind'],
  };
}

function ruleSchema(rule: Rule): JsonSchema {
  return closedObject(rule.docs.summary, {
    mode: mode('What is done about its findings.', rule.mode),
    ...(rule.fix && { fix: flag(`Whether its findings are repaired. ${rule.fix.effect}`, rule.fix.byDefault) }),
    ...(hasOptions(rule) && { options: closedObject('Options of the rule.', rule.options) }),
  });
}

const hasOptions = (rule: Rule): boolean => Object.keys(rule.options).length > 0;

function closedObject(description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { description, type: 'object', additionalProperties: false, properties };
}

/** `false` is what Helm and other YAML 1.1 tools make of an unquoted `off`. */
function mode(description: string, byDefault: string): JsonSchema {
  return { description, enum: [...modes, false], default: byDefault };
}

function flag(description: string, byDefault: boolean): JsonSchema {
  return { description, type: 'boolean', default: byDefault };
}

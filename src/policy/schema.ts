import type { Rule } from '../engine/rule.ts';
import { closedObject, flag, type JsonSchema, mode, someOf } from './json-schema.ts';
import { presets } from './presets.ts';
import { defaults } from './resolve.ts';
import {
  exemptionsSchema,
  imagesSchema,
  namespacesSchema,
  operatorKindsSchema,
  podTemplatesSchema,
  selfServiceSchema,
} from './section-schemas.ts';
import { text } from './texts.ts';

/** The `apiVersion` of policy files. */
export const apiVersion = 'podwright.dev/v1alpha1';
/** The `kind` of policy files. */
export const kind = 'Policy';

/** The URL of the schema, for editors. */
export const schemaAddress = 'https://raw.githubusercontent.com/podwright/podwright/main/docs/policy.schema.json';

/** `1.N` with N of at least 28, the oldest supported server. */
const kubernetesVersionPattern = String.raw`^1\.(2[89]|[3-9]\d|[1-9]\d{2,})$`;

/**
 * The JSON Schema (draft-07) of policy files, for editors and for `loadPolicy`. Its format `quantity` is a Kubernetes
 * resource quantity, `portRange` and `idRange` are numbers or ranges, and `day` is a calendar date; strict validators
 * need definitions of them.
 */
export function policySchema(rules: readonly Rule[]): JsonSchema {
  const settings = closedObject(
    'Settings of single rules, over those of the preset.',
    Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: schemaAddress,
    title: 'Podwright policy',
    ...closedObject('The requirements for Pods, and the action on findings.', {
      apiVersion: { description: 'The version of this format.', const: apiVersion },
      kind: { description: 'The kind of this file.', const: kind },
      extends: {
        description: 'The preset that gives each rule its mode, fix and options.',
        enum: presets,
        default: defaults.extends,
      },
      presetVersion: {
        description: 'Rules added to the presets after this version are capped at audit. Absent: the newest.',
        type: 'integer',
        minimum: 1,
        maximum: Math.max(1, ...rules.map(({ since = 1 }) => since)),
      },
      kubernetesVersion: {
        description: 'The Kubernetes version to check against, in quotes. Absent: the version of the cluster.',
        type: 'string',
        pattern: kubernetesVersionPattern,
      },
      mode: mode('The ceiling over every rule.', defaults.mode),
      fixes: flag('Whether anything is repaired. If false, findings are treated as not fixable.', true),
      workloads: mode('The ceiling over findings in Pod templates of Deployments, Jobs, …', defaults.workloads),
      existing: mode('The ceiling over findings that an update did not introduce.', defaults.existing),
      controllers: mode('The ceiling over findings in Pods that a built-in controller creates.', defaults.controllers),
      annotate: flag('Whether a repaired Pod is annotated with the rules that repaired it.', defaults.annotate),
      messages: closedObject('Additions to denials, warnings and Reports.', {
        contact: text('line', 'The contact for questions, such as `#platform on chat`.'),
        link: text(
          'link',
          'A link to more information, such as `https://policy.example/{rule}`; `{rule}` stands for the id of the rule.',
        ),
      }),
      rules: settings,
      namespaces: namespacesSchema(withoutDefaults(settings, 'Settings of single rules, over those of the policy.')),
      exemptions: exemptionsSchema(rules),
      selfService: selfServiceSchema(rules),
      images: imagesSchema(),
      operators: someOf(
        "User names of operators; * matches any characters. Their owner references are trusted, like those of Kubernetes' own controllers.",
        text('account'),
      ),
      operatorKinds: operatorKindsSchema(),
      podTemplates: podTemplatesSchema(),
    }),
    required: ['apiVersion', 'kind'],
  };
}

function ruleSchema(rule: Rule): JsonSchema {
  return closedObject(rule.docs.summary, {
    mode: mode('The action on its findings.', rule.mode),
    ...(rule.fix && { fix: flag(`Whether its findings are repaired. ${rule.fix.effect}`, rule.fix.byDefault) }),
    ...(hasOptions(rule) && { options: closedObject('Options of the rule.', rule.options) }),
  });
}

const hasOptions = (rule: Rule): boolean => Object.keys(rule.options).length > 0;

/** Settings that a namespace entry omits are taken from the policy, not from the rule's defaults. */
function withoutDefaults(schema: JsonSchema, description = schema.description): JsonSchema {
  const { default: _, properties, ...rest } = schema;
  return {
    ...rest,
    ...(description !== undefined && { description }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, withoutDefaults(each)])),
    }),
  };
}

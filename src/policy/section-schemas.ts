import type { Rule } from '../engine/rule.ts';
import { highestUser } from '../subject/image-user.ts';
import { closedObject, flag, type JsonSchema, mode, someOf } from './json-schema.ts';
import { defaultMaximumDays } from './resolve-sections.ts';
import { text } from './texts.ts';

/** The settings of a policy for some namespaces; `rules` is the schema of rule settings without defaults. */
export function namespacesSchema(rules: JsonSchema): JsonSchema {
  const entry = closedObject('Settings for the matching namespaces.', {
    match: namespaceMatchSchema('Which namespaces; names and labels must both match.'),
    mode: mode('The ceiling over every rule, overriding that of the policy.'),
    fixes: flag('Whether anything is repaired, overriding the policy.'),
    rules,
  });
  return {
    description: 'Overrides for some namespaces. All matching entries apply in order; later ones win.',
    type: 'array',
    items: { ...entry, required: ['match'] },
  };
}

const namespaceMatchSchema = (description: string): JsonSchema => ({
  ...closedObject(description, {
    names: someOf('Names; any of them will do.', text('label')),
    labels: labels('Labels of the Namespace; all of them must match.'),
  }),
  minProperties: 1,
});

/** Findings that are deliberately not acted on. */
export function exemptionsSchema(rules: readonly Rule[]): JsonSchema {
  return {
    description: 'Findings that are recorded but not denied, warned about or repaired.',
    type: 'array',
    items: {
      ...closedObject('One exemption.', exemptionFields(rules)),
      required: ['name', 'rules', 'match', 'reason', 'owner'],
    },
  };
}

/** The fields of an exemption. */
export function exemptionFields(rules: readonly Rule[]) {
  return {
    name: text('name', 'Identifies it in logs, metrics and reports; must be unique.'),
    rules: someOf('The rules whose findings are exempt, or `["*"]` for all.', {
      enum: [...rules.map(({ id }) => id), '*'],
    }),
    match: matchSchema(),
    reason: text('notBlank', 'Why the exemption is justified.'),
    owner: text('notBlank', 'Who is responsible for it.'),
    expires: {
      ...text('day', 'The last day on which it applies, in UTC. Absent: it never expires.'),
      format: 'day',
    },
  } as const satisfies JsonSchema['properties'];
}

function matchSchema() {
  const anyText: JsonSchema = { type: 'string', minLength: 1 };
  const description = 'What it applies to: every field must match, by any of its values.';
  const properties = {
    namespaces: someOf('Names of namespaces.', text('label')),
    namespaceLabels: labels('Labels of the Namespace; all of them must match.'),
    workloads: someOf('The top-level owner as `Kind/name`.', text('workload')),
    serviceAccounts: someOf("Names of the Pod's service account, without the namespace.", text('subdomain')),
    users: someOf('The requesting user; at admission only.', anyText),
    groups: someOf('A group of the requesting user; at admission only.', anyText),
    images: someOf('Container images by their full name, such as `docker.io/library/nginx`.', anyText),
    containers: someOf('Names of containers.', text('label')),
  };
  return { ...closedObject(description, properties), description, properties, minProperties: 1 };
}

/** The exemptions that teams may give their own namespaces. */
export function selfServiceSchema(rules: readonly Rule[]): JsonSchema {
  const schema = closedObject('Exemptions that teams may give their own namespaces, in a ConfigMap. Absent: none.', {
    rules: someOf('The rules that may be exempt.', { enum: rules.map(({ id }) => id) }),
    maximumDays: {
      description: 'An exemption applies for at most this many days before it must be renewed.',
      type: 'integer',
      minimum: 1,
      maximum: 365,
      default: defaultMaximumDays,
    },
    match: namespaceMatchSchema('Which namespaces; names and labels must both match. Absent: all.'),
  });
  return { ...schema, required: ['rules'] };
}

/** Facts that users state about their own images. */
export function imagesSchema(): JsonSchema {
  const entry = closedObject('What is known of some images.', {
    image: text(
      'notBlank',
      'The images by their full name; tag or digest count if the glob has one, as in exemptions.',
    ),
    user: {
      ...text('imageUser', 'The user that they run as unless a manifest sets another: a number or a name; 0 is root.'),
      type: ['integer', 'string'],
      minimum: 0,
      maximum: highestUser,
    },
    setuid: {
      description: 'The programs with setuid, setgid or file capabilities that they rely on. `[]`: none.',
      type: 'array',
      items: text('notBlank'),
    },
    capabilities: {
      description: 'File capabilities of the program that they start, which cannot start without them. `[]`: none.',
      type: 'array',
      items: text('capability'),
    },
    shell: flag('Whether they contain a shell, and `sleep` unless that is stated.'),
    sleep: flag('Whether they contain `sleep`.'),
  });
  return {
    description:
      'Facts about images that manifests do not show. All matching entries apply in order, over what Podwright knows; later ones win.',
    type: 'array',
    items: { ...entry, required: ['image'] },
  };
}

/** Custom kinds with a Pod template. */
export function podTemplatesSchema(): JsonSchema {
  const template = closedObject('One kind.', {
    group: text('group', 'The API group.'),
    versions: someOf('The served versions.', text('version')),
    resource: text('resource', 'The plural, as in URLs.'),
    kind: text('kind', 'The kind.'),
    path: text(
      'dotPath',
      "Path to the template that holds the Pod's `metadata` and `spec`; `[]` is every element of a list or value of a map.",
    ),
  });
  return {
    description: 'Additional kinds that embed Pod templates: one entry for each template.',
    type: 'array',
    items: { ...template, required: ['group', 'versions', 'resource', 'kind', 'path'] },
  };
}

/** Settings that preview and scans cannot guess. */
export function operatorKindsSchema(): JsonSchema {
  return {
    description:
      'The operator that manages a kind, by `Kind.group`, if preview and scans cannot derive it from the names. Admission knows the account and does not need it.',
    type: 'object',
    minProperties: 1,
    propertyNames: text('kindAndGroup'),
    additionalProperties: text('account'),
  };
}

function labels(description: string): JsonSchema {
  return {
    description,
    type: 'object',
    minProperties: 1,
    propertyNames: text('labelKey'),
    additionalProperties: text('labelValue'),
  };
}

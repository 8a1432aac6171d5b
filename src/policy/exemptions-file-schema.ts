import type { Rule } from '../engine/rule.ts';
import { closedObject, type JsonSchema, someOf } from './json-schema.ts';
import { exemptionFields } from './section-schemas.ts';

/**
 * The JSON Schema of the exemptions in a team's ConfigMap: those of a policy, but each names its rules, expires, and
 * matches neither namespaces, of which it has one, nor the requester, whom scans do not know.
 */
export function exemptionsFileSchema(rules: readonly Rule[]): JsonSchema {
  const { match, ...fields } = exemptionFields(rules);
  const { workloads, serviceAccounts, images, containers } = match.properties;
  const exemption = closedObject('One exemption.', {
    ...fields,
    rules: someOf('The rules whose findings are exempt.', { enum: rules.map(({ id }) => id) }),
    match: { ...closedObject(match.description, { workloads, serviceAccounts, images, containers }), minProperties: 1 },
  });
  return {
    $id: 'exemptions',
    ...closedObject('Exemptions in the namespace of the ConfigMap.', {
      exemptions: {
        description: 'Findings that are recorded but not denied, warned about or repaired.',
        type: 'array',
        items: { ...exemption, required: ['name', 'rules', 'match', 'reason', 'owner', 'expires'] },
      },
    }),
    required: ['exemptions'],
  };
}

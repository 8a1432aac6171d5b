import { type Exemption, holds } from '../engine/exemption.ts';
import type { Policy } from '../engine/policy.ts';
import { teamConfigMap, teamTextOf } from '../manifests/team-config-map.ts';
import { admittedConfigMap, deniedConfigMap } from './config-map-decision.ts';
import type { Decision } from './decision.ts';
import type { AdmissionRequest } from './review.ts';

const webhook = 'exemptions.validate.podwright.dev';

/** The exemptions in an edit that the policy in force grants, and the reasons against the others. */
export interface GrantedEdit {
  readonly exemptions: readonly Exemption[];
  /** Lines such as `exemptions.yaml:4:13: exemptions[0].rules[0]: …`. */
  readonly problems: readonly string[];
}

/** The text that a request gives a team's exemptions; undefined if it does not change it, or ends the exemptions. */
export function exemptionsEditOf(request: AdmissionRequest): string | undefined {
  const { kind, name, operation, subResource, object, oldObject } = request;
  if (kind.group !== '' || kind.kind !== 'ConfigMap' || subResource !== '') return undefined;
  if (name !== teamConfigMap.name || (operation !== 'CREATE' && operation !== 'UPDATE')) return undefined;
  const text = teamTextOf(object);
  return operation === 'UPDATE' && text === teamTextOf(oldObject) ? undefined : text;
}

/**
 * Decides about an edit of a team's exemptions: one that would not be granted as a whole is denied with every problem;
 * the others are admitted, with a warning that lists the exemptions and their ends.
 */
export function decideExemptionsEdit(
  request: AdmissionRequest,
  { exemptions, problems }: GrantedEdit,
  { policy, now }: { readonly policy: Policy; readonly now: number },
): Decision {
  if (problems.length === 0) return admittedConfigMap(webhook, request, newsOf(exemptions, now));
  const what = (count: number): string =>
    count === 1 ? 'its exemptions are not allowed' : `its exemptions have ${count} problems`;
  const { contact } = policy.messages;
  const advice = ['The exemptions in force stay.', ...(contact === undefined ? [] : [`Ask: ${contact}`])];
  return deniedConfigMap(webhook, request, { problems, what, advice });
}

/** Admits an edit that is not one of exemptions, or that could not be checked: it has no effect unless it is granted later. */
export const uncheckedExemptionsEdit = (request: AdmissionRequest, news?: string): Decision =>
  admittedConfigMap(webhook, request, news);

function newsOf(exemptions: readonly Exemption[], now: number): string {
  if (exemptions.length === 0) return 'nothing is exempt';
  return exemptions
    .map((exemption) => {
      const { rules, match, expires } = exemption;
      const verb = holds(exemption, now) ? 'exempt until' : 'no longer exempt since the end of';
      return `${verb} ${expires}: ${rules.join(', ')} for ${matchText(match)}`;
    })
    .join('; ');
}

function matchText(match: Exemption['match']): string {
  const { namespaces: _, namespaceLabels: __, ...fields } = match;
  return Object.values(fields)
    .map((values: readonly string[]) => values.join(' or '))
    .join(' with ');
}

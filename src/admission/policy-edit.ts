import type { Policy } from '../engine/policy.ts';
import { policyChanges, summaryOf } from '../engine/policy-changes.ts';
import { policyKey, policyPath } from '../manifests/policy-key.ts';
import { valueAt } from '../patch/pointer.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import { admittedConfigMap, deniedConfigMap } from './config-map-decision.ts';
import type { Decision } from './decision.ts';
import type { AdmissionRequest } from './review.ts';

export { policyKey };

/** How a request changes the policy in a ConfigMap. */
export type PolicyEdit =
  /** Not at all. */
  | { readonly kind: 'none' }
  | { readonly kind: 'deletion' }
  /** The ConfigMap has no policy afterwards. */
  | { readonly kind: 'no policy' }
  | { readonly kind: 'text'; readonly text: string };

/** A valid policy, or every problem of an invalid one: `policy.yaml:4:3: rules: …`. */
export type PolicyReading = { readonly policy: Policy } | { readonly problems: readonly string[] };

/** The inputs of the decision besides the request. */
export interface PolicyEditWorld {
  readonly inForce: Policy;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The end of the name of a ConfigMap that the chart creates before an upgrade changes anything, so that an invalid policy
 * stops the upgrade. The policy itself follows, with all warnings.
 */
const trialSuffix = '-check';

const webhook = 'policy.validate.podwright.dev';

/** The version of Podwright that the policy in a ConfigMap is for, as labeled by the chart. */
export const policyVersionOf = (configMap: unknown): string | undefined =>
  metadataOf(configMap).labels?.['app.kubernetes.io/version'];

/** The kind of edit. A change of labels or of other keys is not an edit of the policy. */
export function policyEditOf({ kind, operation, subResource, object, oldObject }: AdmissionRequest): PolicyEdit {
  if (kind.group !== '' || kind.kind !== 'ConfigMap' || subResource !== '') return { kind: 'none' };
  if (operation === 'DELETE') return { kind: 'deletion' };
  if (operation !== 'CREATE' && operation !== 'UPDATE') return { kind: 'none' };
  const text = textIn(object);
  if (operation === 'UPDATE' && text === textIn(oldObject)) return { kind: 'none' };
  return text === undefined ? { kind: 'no policy' } : { kind: 'text', text };
}

function textIn(configMap: unknown): string | undefined {
  const text = valueAt(configMap, policyPath);
  return typeof text === 'string' ? text : undefined;
}

/**
 * Decides about an edit of the policy: an invalid policy is denied with every problem; a valid one is admitted, with a
 * warning that lists its changes. `reading` belongs to the text of the edit.
 */
export function decidePolicyEdit(
  request: AdmissionRequest,
  edit: Exclude<PolicyEdit, { readonly kind: 'text' }> | { readonly kind: 'text'; readonly reading: PolicyReading },
  world: PolicyEditWorld,
): Decision {
  switch (edit.kind) {
    case 'none':
      return admitted(request);
    case 'deletion':
      return admitted(request, 'the last valid policy stays in force without this ConfigMap');
    case 'no policy':
      return denied(request, [`data has no key ${policyKey}`]);
    case 'text':
    default:
      return 'policy' in edit.reading
        ? admitted(request, newsOf(request, edit.reading.policy, world))
        : onInvalid(request, edit.reading.problems, world);
  }
}

/** Admits an edit that could not be checked, because it may be an emergency. */
export const uncheckedPolicyEdit = (request: AdmissionRequest): Decision =>
  admitted(request, 'the policy could not be checked; see the log');

function newsOf({ name, object }: AdmissionRequest, policy: Policy, world: PolicyEditWorld): string | undefined {
  if (name.endsWith(trialSuffix)) return undefined;
  const changes = policyChanges(world.inForce, policy, world.now);
  const isFrozen = valueAt(object, '/immutable') === true;
  const news = [
    ...(isFrozen ? ['immutable: true prevents any further edit; the ConfigMap would have to be recreated'] : []),
    ...(changes.length === 0 ? [] : [`policy changes: ${summaryOf(changes, isFrozen ? 120 : 200)}`]),
  ];
  return news.length === 0 ? undefined : news.join('; ');
}

/**
 * An upgrade writes the policy before it replaces the Pods, so this version does not deny a policy that the chart has
 * labeled for another version.
 */
function onInvalid(request: AdmissionRequest, problems: readonly string[], { version }: PolicyEditWorld): Decision {
  const madeFor = policyVersionOf(request.object);
  if (madeFor === undefined || madeFor === version) return denied(request, problems);
  const [first = ''] = problems;
  if (request.name.endsWith(trialSuffix)) return admitted(request);
  return admitted(request, `the policy is for version ${madeFor}, and invalid for the running ${version}: ${first}`);
}

function denied(request: AdmissionRequest, problems: readonly string[]): Decision {
  const what = (count: number): string => (count === 1 ? 'its policy is invalid' : `its policy has ${count} problems`);
  const advice = ['The policy in force stays. To check a policy beforehand: podwright policy check FILE'];
  return deniedConfigMap(webhook, request, { problems, what, advice });
}

const admitted = (request: AdmissionRequest, news?: string): Decision => admittedConfigMap(webhook, request, news);

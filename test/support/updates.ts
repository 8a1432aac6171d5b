import { decide } from '../../src/admission/decide.ts';
import type { UserInfo } from '../../src/admission/review.ts';
import type { World } from '../../src/admission/world.ts';
import type { OptionValues } from '../../src/engine/options.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { onlyRules } from './policies.ts';
import { deploymentObject, requestFor } from './requests.ts';

/** A container of which nothing is set. */
export const base = { name: 'app', image: 'registry.example/team/app:1' };

/** The update of a Deployment, under one rule. */
export interface Change {
  readonly rule: string;
  readonly options?: OptionValues;
  readonly before: object;
  /** Of the template before. */
  readonly annotations?: object;
  readonly after: object;
}

/** What the update brings, and what the Deployment had already. */
export function update(
  { rule, options, before, annotations, after }: Change,
  more: Partial<World> = {},
  user?: UserInfo,
) {
  const policy = withOptions(onlyRules([rule], { fixes: false }), options);
  const request = requestFor(deploymentObject(after), {
    operation: 'UPDATE',
    oldObject: annotated(deploymentObject(before), annotations),
    ...(user && { userInfo: user }),
  });
  const { response, findings } = decide('validate', request, { policy, minor: 36, ...more });
  const warned = (response.warnings ?? []).length > 0;
  return findings.length === 0 ? 'clean' : !response.allowed ? 'denied' : warned ? 'warned' : 'allowed';
}

const withOptions = (policy: Policy, options: OptionValues | undefined): Policy => ({
  ...policy,
  rules: policy.rules.map((each) =>
    each.mode === 'off' ? each : { ...each, options: { ...each.options, ...options } },
  ),
});

function annotated(object: Record<string, unknown>, annotations: object | undefined): object {
  if (annotations === undefined) return object;
  const spec = object['spec'] as { readonly template: object };
  return { ...object, spec: { ...spec, template: { ...spec.template, metadata: { annotations } } } };
}

import type { Policy } from '../engine/policy.ts';
import type { Finding, Rule, RuleContext } from '../engine/rule.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

/** The container of a workload, or of a bare Pod. */
export interface MeasuredContainer {
  readonly namespace: string;
  readonly kind: string;
  readonly workload: string;
  readonly container: string;
}

/** The resources whose usage is measured. */
export type MeasuredResource = 'cpu' | 'memory';

/** The requests that measured usage suggests; undefined for a container that was not measured. */
export type MeasuredRequests = (container: MeasuredContainer, resource: MeasuredResource) => string | undefined;

/** The rules whose fixes set requests, with the resource. */
export const requestRules: ReadonlyMap<string, MeasuredResource> = new Map([
  ['require-cpu-request', 'cpu'],
  ['require-memory-request', 'memory'],
]);

/** The policy with fixes that set the measured requests; of containers that were not measured, the policy's own. */
export const withMeasuredRequests = (policy: Policy, measured: MeasuredRequests): Policy => ({
  ...policy,
  rules: policy.rules.map((setting) => {
    const resource = requestRules.get(setting.rule.id);
    return resource === undefined ? setting : { ...setting, rule: measuredRule(setting.rule, resource, measured) };
  }),
});

function measuredRule(rule: Rule, resource: MeasuredResource, measured: MeasuredRequests): Rule {
  return {
    ...rule,
    *check(pod, options, context) {
      for (const finding of rule.check(pod, options, context)) {
        const value = measured(containerOf(finding, pod, context), resource);
        if (value === undefined) yield finding;
        else yield* findingAt(finding, rule.check(pod, { ...options, default: value, defaults: [] }, context));
      }
    },
  };
}

function containerOf({ container = '' }: Finding, pod: PodSubject, { namespace = '' }: RuleContext): MeasuredContainer {
  const { kind, name } = pod.owner ?? { kind: 'Pod', name: pod.metadata.name ?? '' };
  return { namespace, kind, workload: name, container };
}

function* findingAt({ path }: Finding, findings: Iterable<Finding>): Generator<Finding> {
  for (const finding of findings) if (finding.path === path) yield finding;
}

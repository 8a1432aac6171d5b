import { set } from '../patch/edits.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { isPositive, parseQuantity } from '../subject/quantity.ts';
import type { Finding, RuleContext } from './rule.ts';

export interface RequestOptions {
  /** The request that the fix sets. */
  readonly default: string | undefined;
  readonly initContainers: boolean;
}

/**
 * Containers without a request for a resource, unless the Pod as a whole has one. The fix sets the default where the
 * API server accepts it: not above a limit, and not beside Pod-level resources, which would have to cover the sum.
 */
export function* missingRequests(
  pod: PodSubject,
  resource: 'cpu' | 'memory',
  options: RequestOptions,
): Generator<Finding> {
  if (isPositive(pod.spec.resources?.requests?.[resource])) return;
  for (const container of pod.containers) {
    if (container.role === 'ephemeral' || (container.role === 'init' && !options.initContainers)) continue;
    const { requests, limits } = container.spec.resources ?? {};
    if (isPositive(requests?.[resource])) continue;
    const path = container.at('resources', 'requests', resource);
    const mayFill = requests?.[resource] === undefined && pod.spec.resources === undefined;
    const value = mayFill && fits(options.default, limits?.[resource]) ? options.default : undefined;
    yield {
      path,
      container: container.name,
      message: `requests no ${resource}; set resources.requests.${resource}`,
      fix: value === undefined ? undefined : () => [set(path, value)],
    };
  }
}

/** The requests on which the rules for missing ones have findings, so that no other rule reports them again. */
export function reportedRequests(
  pod: PodSubject,
  context: Pick<RuleContext, 'isOn' | 'optionsOf'>,
): ReadonlySet<Pointer> {
  const paths = (['cpu', 'memory'] as const).flatMap((resource) => {
    const rule = `require-${resource}-request`;
    return context.isOn(rule) ? [...missingRequests(pod, resource, context.optionsOf<RequestOptions>(rule))] : [];
  });
  return new Set(paths.map(({ path }) => path));
}

/** Containers that keep running without a limit for a resource, unless the Pod as a whole has one. */
export function* missingLimits(pod: PodSubject, resource: 'cpu' | 'memory'): Generator<Finding> {
  if (isPositive(pod.spec.resources?.limits?.[resource])) return;
  for (const { name, spec, at } of pod.running) {
    if (isPositive(spec.resources?.limits?.[resource])) continue;
    const message = `has no ${resource} limit; set resources.limits.${resource}`;
    yield { path: at('resources', 'limits', resource), container: name, message };
  }
}

function fits(request: string | undefined, limit: string | undefined): boolean {
  if (limit === undefined) return true;
  return (parseQuantity(request) ?? 0n) <= (parseQuantity(limit) ?? 0n);
}

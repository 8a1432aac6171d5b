import type { OptionSchemas, OptionsOf } from '../../engine/options.ts';
import { defaultsFor, placedWorkloadPattern, type RequestDefault, valueFor } from '../../engine/request-defaults.ts';
import type { Finding, RuleContext } from '../../engine/rule.ts';
import { set } from '../../patch/edits.ts';
import type { Pointer } from '../../patch/pointer.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { isPositive, parseQuantity } from '../../subject/quantity.ts';

/** The options of the rules for missing requests. */
export const requestOptions = {
  default: {
    type: 'string',
    format: 'quantity',
    description: 'The request that the fix sets where `defaults` has none. If unset, there is no fix for the others.',
  },
  defaults: {
    type: 'array',
    description:
      'The requests that the fix sets in containers of some workloads; the first that matches wins. `podwright recommend -o policy` prints them by usage.',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['workloads', 'value'],
      properties: {
        workloads: {
          type: 'array',
          description: '`namespace/Kind/name` of the top-level owner; `*` matches any characters.',
          items: { type: 'string', pattern: placedWorkloadPattern },
        },
        container: {
          type: 'string',
          description: 'The name of the container; `*` matches any characters. Absent: all containers.',
        },
        value: { type: 'string', format: 'quantity', description: 'The request.' },
      },
    },
    default: [],
  },
  initContainers: {
    type: 'boolean',
    default: false,
    description: 'Also require this of init containers that run to completion.',
  },
} as const satisfies OptionSchemas;

export type RequestOptions = OptionsOf<typeof requestOptions>;

/** The names of the Pod's owners. */
type OwnerContext = Pick<RuleContext, 'namespace' | 'workloads'>;

/**
 * Containers without a request for a resource, unless the Pod as a whole has one. The fix sets the workload's default,
 * or that of all, where the API server accepts it: not above a limit, and not beside Pod-level resources, which would
 * have to cover the sum.
 */
export function* missingRequests(
  pod: PodSubject,
  resource: 'cpu' | 'memory',
  options: RequestOptions,
  { namespace = '', workloads }: OwnerContext,
): Generator<Finding> {
  if (isPositive(pod.spec.resources?.requests?.[resource])) return;
  let own: readonly RequestDefault[] | undefined;
  for (const container of pod.containers) {
    if (!mustRequest(container, options)) continue;
    const { requests, limits } = container.spec.resources ?? {};
    if (isPositive(requests?.[resource])) continue;
    const path = container.at('resources', 'requests', resource);
    const mayFill = requests?.[resource] === undefined && pod.spec.resources === undefined;
    own ??= defaultsFor(
      options.defaults,
      workloads.map((workload) => `${namespace}/${workload}`),
    );
    const wanted = valueFor(own, container.name) ?? options.default;
    const value = mayFill && isPositive(wanted) && fits(wanted, limits?.[resource]) ? wanted : undefined;
    yield {
      path,
      container: container.name,
      message: `requests no ${resource}; set resources.requests.${resource}`,
      fix: value === undefined ? undefined : () => [set(path, value)],
    };
  }
}

const mustRequest = ({ role }: ContainerView, { initContainers }: RequestOptions): boolean =>
  role !== 'ephemeral' && (role !== 'init' || initContainers);

/** The requests on which the rules for missing ones have findings, so that no other rule reports them again. */
export function reportedRequests(
  pod: PodSubject,
  context: OwnerContext & Pick<RuleContext, 'isOn' | 'optionsOf'>,
): ReadonlySet<Pointer> {
  const paths = (['cpu', 'memory'] as const).flatMap((resource) => {
    const rule = `require-${resource}-request`;
    return context.isOn(rule)
      ? [...missingRequests(pod, resource, context.optionsOf<RequestOptions>(rule), context)]
      : [];
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

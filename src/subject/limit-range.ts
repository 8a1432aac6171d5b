import { decode } from './decode.ts';
import type { Container, PodSpec } from './pod-types.ts';

type Quantities = Readonly<Record<string, string>>;

/** A LimitRange's defaults for containers without resources. */
export interface LimitDefaults {
  readonly limits: Quantities;
  readonly requests: Quantities;
}

interface LimitRangeItem {
  readonly type?: string;
  readonly max?: Quantities;
  readonly min?: Quantities;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
}

/**
 * The defaults for containers in a LimitRange, after defaulting the LimitRange itself: a missing limit is the maximum;
 * a missing request is the default limit, or else the minimum (`pkg/apis/core/v1/defaults.go`). Never throws.
 */
export function limitDefaultsOf(limitRange: unknown): LimitDefaults {
  const spec = decode('LimitRangeSpec', Object(limitRange).spec, 'spec', []) as
    | { readonly limits?: readonly LimitRangeItem[] }
    | undefined;
  const limits: Record<string, string> = {};
  const requests: Record<string, string> = {};
  for (const item of spec?.limits ?? []) {
    if (item.type !== 'Container') continue;
    const defaultLimits = { ...item.max, ...item.default };
    const defaultRequests = { ...item.min, ...defaultLimits, ...item.defaultRequest };
    Object.assign(limits, defaultLimits);
    Object.assign(requests, defaultRequests);
  }
  return { limits, requests };
}

/** The spec with the LimitRanger plugin's defaults for a new Pod, init containers included; existing values stay. */
export function withLimitDefaults(spec: PodSpec, defaults: readonly LimitDefaults[]): PodSpec {
  if (defaults.length === 0) return spec;
  const ofContainer = (container: Container): Container => ({
    ...container,
    resources: {
      ...container.resources,
      limits: merged(
        defaults.map(({ limits }) => limits),
        container.resources?.limits,
      ),
      requests: merged(
        defaults.map(({ requests }) => requests),
        container.resources?.requests,
      ),
    },
  });
  const { containers, initContainers } = spec;
  return {
    ...spec,
    containers: containers.map(ofContainer),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(ofContainer) }),
  };
}

/** For each resource, the first default wins. */
function merged(defaults: readonly Quantities[], own: Quantities | undefined): Quantities {
  return Object.assign({}, ...defaults.toReversed(), own) as Quantities;
}

import type { PodSubject } from '../subject/pod-subject.ts';
import type { OptionSchemas } from './options.ts';
import type { Finding } from './rule.ts';
import { ignoredPorts, servesTraffic } from './traffic.ts';

export interface ProbeOptions {
  readonly ignoredPorts: readonly string[];
  readonly everyContainer: boolean;
}

/** The options of the rules that require a probe. */
export const probeOptions = {
  ignoredPorts: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: ignoredPorts,
    description: 'Port names (globs) that do not carry traffic: a container with no other ports needs no probe.',
  },
  everyContainer: {
    type: 'boolean',
    default: false,
    description: 'Require it of every container that serves a port, not just one of them.',
  },
} as const satisfies OptionSchemas;

/** Why a Pod needs no probe. */
export function needsNoProbe(pod: PodSubject, options: ProbeOptions): string | undefined {
  if (!pod.isServing) return 'the Pod ends by itself';
  return pod.running.some((container) => servesTraffic(container, options.ignoredPorts))
    ? undefined
    : 'no container declares a port for traffic';
}

/**
 * The containers that serve a port without this probe. Unless `everyContainer` is set, they give one finding at most,
 * and none if any serving container has the probe.
 */
export function* missingProbes(
  pod: PodSubject,
  probe: 'livenessProbe' | 'readinessProbe',
  options: ProbeOptions,
  advice: string,
): Generator<Finding> {
  const serving = pod.running.filter((container) => servesTraffic(container, options.ignoredPorts));
  const bare = serving.filter(({ spec }) => spec[probe] === undefined);
  if (!options.everyContainer && bare.length < serving.length) return;
  if (!options.everyContainer && bare.length > 1) {
    const message = `none of ${bare.length} containers with a port has a ${probe}; ${advice}`;
    yield { path: pod.at('containers'), message };
    return;
  }
  for (const { name, at } of bare)
    yield { path: at(probe), container: name, message: `serves a port but has no ${probe}; ${advice}` };
}

import type { PodSubject } from '../subject/pod-subject.ts';
import type { OptionSchemas } from './options.ts';
import type { Finding } from './rule.ts';
import { countsAsServing, noTraffic, servesTraffic, type TrafficOptions, trafficOptions } from './traffic.ts';

export interface ProbeOptions extends TrafficOptions {
  readonly everyContainer: boolean;
}

/** The options of the rules that require a probe. */
export const probeOptions = {
  ...trafficOptions,
  everyContainer: {
    type: 'boolean',
    default: false,
    description: 'Require it of every container that serves a port, not just one of them.',
  },
} as const satisfies OptionSchemas;

/** Why a Pod needs no probe. */
export function needsNoProbe(pod: PodSubject, options: ProbeOptions): string | undefined {
  if (!pod.isServing) return 'the Pod ends by itself';
  return pod.running.some((container) => countsAsServing(container, options)) ? undefined : noTraffic;
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
  const serving = pod.running.filter((container) => countsAsServing(container, options));
  const bare = serving.filter(({ spec }) => spec[probe] === undefined);
  if (!options.everyContainer && bare.length < serving.length) return;
  const provesPort = bare.every((container) => servesTraffic(container, options.ignoredPorts));
  if (!options.everyContainer && bare.length > 1) {
    const message = `none of ${bare.length} containers${provesPort ? ' with a port' : ''} has a ${probe}; ${advice}`;
    yield { path: pod.at('containers'), message };
    return;
  }
  for (const container of bare) {
    const what = servesTraffic(container, options.ignoredPorts) ? 'serves a port but has' : 'has';
    yield { path: container.at(probe), container: container.name, message: `${what} no ${probe}; ${advice}` };
  }
}

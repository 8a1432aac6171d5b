import type { OptionSchemas } from '../../engine/options.ts';
import type { Finding, RuleContext } from '../../engine/rule.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { noTraffic, servingOf, type TrafficOptions, trafficOptions } from './traffic.ts';

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
export function needsNoProbe(pod: PodSubject, options: ProbeOptions, context: RuleContext): string | undefined {
  if (!pod.isServing) return 'the Pod ends by itself';
  return servingOf(pod, options, context).size > 0 ? undefined : noTraffic(pod, context);
}

/** The probe that a rule requires, and the advice if it is missing. */
interface Required {
  readonly probe: 'livenessProbe' | 'readinessProbe';
  readonly advice: string;
}

/**
 * The containers that serve traffic without this probe. Unless `everyContainer` is set, they give one finding at most,
 * and none if any serving container has the probe.
 */
export function* missingProbes(
  pod: PodSubject,
  { probe, advice }: Required,
  options: ProbeOptions,
  context: RuleContext,
): Generator<Finding> {
  const serving = servingOf(pod, options, context);
  const bare = pod.running.filter((container) => serving.has(container) && container.spec[probe] === undefined);
  if (!options.everyContainer && bare.length < serving.size) return;
  // one finding for the Pod, however many containers serve
  const identity = options.everyContainer ? {} : { identity: pod.at('containers') };
  if (!options.everyContainer && bare.length > 1) {
    const [how = '', ...others] = new Set(bare.map((container) => serving.get(container)));
    const provesPort = others.length === 0 && how === 'serves a port';
    const message = `none of ${bare.length} containers${provesPort ? ' with a port' : ''} has a ${probe}; ${advice}`;
    yield { path: pod.at('containers'), message, ...identity };
    return;
  }
  for (const container of bare) {
    const how = serving.get(container);
    const message = `${how ? `${how} but has` : 'has'} no ${probe}; ${advice}`;
    yield { path: container.at(probe), container: container.name, message, ...identity };
  }
}

import type { ContainerView } from '../subject/container-view.ts';
import { sleepOf } from '../subject/hook-sleep.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { fixedAnnotation } from './evaluate.ts';
import type { Neighbors } from './neighbors.ts';
import { quoted } from './quoted.ts';
import type { RuleContext } from './rule.ts';
import { type Serving, servingOf, type TrafficOptions } from './traffic.ts';

export interface SleepOptions extends TrafficOptions {
  readonly seconds: number;
  readonly sidecars: boolean;
}

/** A container that must sleep before it stops, and has no hook or an added one that is too short. */
export interface Hasty {
  readonly container: ContainerView;
  readonly seconds: number;
  readonly problem: string;
  /** Only Services show it, which admission does not know. */
  readonly manifestsOnly: boolean;
}

/** The containers that serve traffic until they are stopped, and how: main ones, and sidecars where they count. */
export function serversOf(pod: PodSubject, options: SleepOptions, context: Pick<RuleContext, 'neighbors'>): Serving {
  const all = [...servingOf(pod, options, context)];
  return new Map(all.filter(([{ role }]) => role === 'main' || options.sidecars));
}

/**
 * The containers that stop too early: those that serve, and main ones beside one that sleeps, because the kubelet stops
 * all of them at the same time. Sidecars are stopped later in any case.
 */
export function stopsTooEarly(pod: PodSubject, options: SleepOptions, { neighbors }: RuleContext): Hasty[] {
  const hasty = hastyOnes(pod, options, neighbors);
  const alone = neighbors === undefined ? hasty : hastyOnes(pod, options, undefined);
  const shown = new Set(alone.map(({ container }) => container));
  return hasty.map((each) => ({ ...each, manifestsOnly: !shown.has(each.container) }));
}

function hastyOnes(
  pod: PodSubject,
  options: SleepOptions,
  neighbors: Neighbors | undefined,
): Omit<Hasty, 'manifestsOnly'>[] {
  const serving = serversOf(pod, options, { neighbors });
  const servers = pod.running.filter((container) => serving.has(container));
  const own = servers
    .filter((container) => !hasHook(container))
    .map((container) => ({ container, seconds: options.seconds, problem: problemOf(serving.get(container)) }));
  const last = lastToStop(servers, options);
  if (last === undefined) return own;
  const problem = `must not stop before ${quoted(last.container.name)}`;
  const seconds = Math.ceil(last.sleep);
  const isAdded = addedSleep(pod, servers);
  const partners = pod.running
    .filter((container) => container.role === 'main' && !serving.has(container))
    .filter((container) => !hasHook(container) || (isAdded(container) && ownSleep(container) < seconds))
    .map((container) => ({ container, seconds, problem }));
  return [...own, ...partners];
}

/** Whether nothing is in the way of the sleep: no hook that cannot run, and time for it after a failed probe. */
export function mayBeAdded({ container: { spec }, seconds }: Hasty): boolean {
  const hook = spec.lifecycle?.preStop;
  if (hook !== undefined && sleepOf(hook) === 0) return false;
  return [spec.livenessProbe, spec.startupProbe].every(
    (probe) => (probe?.terminationGracePeriodSeconds ?? seconds) >= seconds,
  );
}

/**
 * Recognizes a sleep that an earlier call added to a partner, before another webhook added a container that sleeps
 * longer: it equals that of the server which was the last to stop then.
 */
function addedSleep({ metadata }: PodSubject, servers: readonly ContainerView[]): (partner: ContainerView) => boolean {
  const fixed = (metadata.annotations?.[fixedAnnotation] ?? '').split(',');
  const sleeps = new Set(servers.map((server) => Math.ceil(ownSleep(server))));
  return (partner) => fixed.includes('pre-stop-sleep') && sleeps.has(ownSleep(partner));
}

const ownSleep = ({ spec }: ContainerView): number => sleepOf(spec.lifecycle?.preStop);

const problemOf = (how: string | undefined): string => (how ? `${how} but has no preStop hook` : 'has no preStop hook');

/** The main container that serves longest, with the hook that it has or will have. */
function lastToStop(servers: readonly ContainerView[], { seconds }: SleepOptions) {
  return servers
    .filter(({ role }) => role === 'main')
    .map((container) => ({
      container,
      sleep: hasHook(container) ? ownSleep(container) : seconds,
    }))
    .filter(({ sleep }) => sleep > 0 && Number.isFinite(sleep))
    .toSorted((a, b) => b.sleep - a.sleep)
    .at(0);
}

/** Whether the kubelet has something to run: it has no implementation of `tcpSocket` for hooks. */
function hasHook({ spec }: ContainerView): boolean {
  const hook = spec.lifecycle?.preStop;
  return hook?.exec !== undefined || hook?.httpGet !== undefined || hook?.sleep !== undefined;
}

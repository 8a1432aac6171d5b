import { fixedRules } from '../../engine/evaluate.ts';
import { quoted } from '../../engine/quoted.ts';
import type { RuleContext } from '../../engine/rule.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import { sleepOf, wholeSleepOf } from '../../subject/hook-sleep.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { hasRunnableHook } from './runnable-hook.ts';
import { type Serving, servingOf, type TrafficOptions } from './traffic.ts';

export interface SleepOptions extends TrafficOptions {
  readonly seconds: number;
  readonly sidecars: boolean;
}

/** A container that must sleep before it stops, and has no hook that can run, or one that is too short. */
export interface EarlyStopper {
  readonly container: ContainerView;
  readonly seconds: number;
  readonly problem: string;
  /** Its author chose a shorter sleep, which is reported and kept. */
  readonly isChosen: boolean;
  /** Its author chose the sleep, and a later call would take it for an added one if this call added any. */
  readonly couldPassForAdded: boolean;
  /** Only Services show it, which admission does not know. */
  readonly manifestsOnly: boolean;
}

/** A server and the seconds that it sleeps, or will once it is repaired. */
interface Sleeping {
  readonly container: ContainerView;
  readonly sleep: number;
}

/** The containers that serve traffic until they are stopped, and how: main ones, and sidecars where they count. */
export function serversOf(pod: PodSubject, options: SleepOptions, context: Pick<RuleContext, 'neighbors'>): Serving {
  const serving = servingOf(pod, options, context);
  if (options.sidecars || pod.running.every(({ role }) => role === 'main')) return serving;
  return new Map([...serving].filter(([{ role }]) => role === 'main'));
}

/**
 * The containers that stop too early: those that serve, and main ones beside one that sleeps, because the kubelet stops
 * all of them at the same time. Sidecars are stopped later in any case.
 */
export function stopsTooEarly(pod: PodSubject, options: SleepOptions, context: RuleContext): EarlyStopper[] {
  const stoppers = earlyStoppers(pod, options, context);
  if (context.neighbors === undefined || stoppers.length === 0)
    return stoppers.map((each) => ({ ...each, manifestsOnly: false }));
  const alone = earlyStoppers(pod, options, { ...context, neighbors: undefined });
  const shown = new Set(alone.map(({ container }) => container));
  return stoppers.map((each) => ({ ...each, manifestsOnly: !shown.has(each.container) }));
}

function earlyStoppers(
  pod: PodSubject,
  options: SleepOptions,
  context: RuleContext,
): Omit<EarlyStopper, 'manifestsOnly'>[] {
  const serving = serversOf(pod, options, context);
  const { seconds } = options;
  const stoppers: Omit<EarlyStopper, 'manifestsOnly'>[] = [];
  const sleeping: Sleeping[] = [];
  for (const container of pod.running) {
    if (!serving.has(container)) continue;
    const hasHook = hasRunnableHook(container, context);
    sleeping.push({ container, sleep: hasHook ? ownSleep(container) : seconds });
    if (hasHook) continue;
    const problem = problemOf(serving.get(container));
    stoppers.push({ container, seconds, problem, isChosen: false, couldPassForAdded: false });
  }
  return [...stoppers, ...earlyPartners(pod, sleeping, context)];
}

/** Main containers that do not serve, and stop before the last one that does. */
function earlyPartners(pod: PodSubject, servers: readonly Sleeping[], context: RuleContext) {
  const last = lastToStop(servers);
  if (last === undefined || servers.length === pod.running.length) return [];
  const seconds = Math.ceil(last.sleep);
  const serving = new Set(servers.map(({ container }) => container));
  const early = pod.running
    .filter((container) => container.role === 'main' && !serving.has(container))
    .filter((container) => !hasRunnableHook(container, context) || isShorter(container, seconds));
  if (early.length === 0) return [];
  const problem = `must not stop before ${quoted(last.container.name)}`;
  const sleeps = new Set(servers.map(({ sleep }) => Math.ceil(sleep)));
  const wasRepaired = fixedRules(pod).includes('pre-stop-sleep');
  return early.map((container) => {
    const hasHook = hasRunnableHook(container, context);
    const looksAdded = hasHook && mayBeAddedSleep(container, sleeps);
    const isChosen = hasHook && !(looksAdded && wasRepaired);
    return { container, seconds, problem, isChosen, couldPassForAdded: looksAdded && isChosen };
  });
}

/** Whether the containers without a sleep that their author chose may all get one. */
export const areOpen = (stoppers: readonly EarlyStopper[], context: RuleContext): boolean =>
  stoppers.every((each) => (each.isChosen ? !each.couldPassForAdded : mayBeAdded(each, context)));

/** Whether nothing is in the way of the sleep: no hook that cannot run, and time for it after a failed probe. */
function mayBeAdded({ container, seconds }: EarlyStopper, context: RuleContext): boolean {
  const { lifecycle, livenessProbe, startupProbe } = container.spec;
  if (lifecycle?.preStop !== undefined && !hasRunnableHook(container, context)) return false;
  return [livenessProbe, startupProbe].every((probe) => (probe?.terminationGracePeriodSeconds ?? seconds) >= seconds);
}

/**
 * Whether its hook may be one that an earlier call added to a partner, before another webhook added a container that
 * sleeps longer: it has the form of an added hook, and equals the sleep of a server, which was the last to stop then.
 */
function mayBeAddedSleep({ spec }: ContainerView, sleeps: ReadonlySet<number>): boolean {
  const { sleep, exec } = spec.lifecycle?.preStop ?? {};
  const [program, seconds, ...rest] = exec?.command ?? [];
  const added = program === 'sleep' && rest.length === 0 ? Number(seconds) : sleep?.seconds;
  return added !== undefined && sleeps.has(added);
}

const ownSleep = ({ spec }: ContainerView): number => sleepOf(spec.lifecycle?.preStop);

const problemOf = (how: string | undefined): string => (how ? `${how} but has no preStop hook` : 'has no preStop hook');

/** Whether its hook is known to end sooner. */
function isShorter({ spec }: ContainerView, seconds: number): boolean {
  const hook = spec.lifecycle?.preStop;
  return hook !== undefined && (wholeSleepOf(hook) ?? seconds) < seconds;
}

/** The main container that serves longest, by the sleep that it has or will have. */
function lastToStop(servers: readonly Sleeping[]): Sleeping | undefined {
  let last: Sleeping | undefined;
  for (const server of servers) {
    const { container, sleep } = server;
    if (container.role === 'main' && Number.isFinite(sleep) && sleep > (last?.sleep ?? 0)) last = server;
  }
  return last;
}

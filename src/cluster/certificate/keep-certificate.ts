import type { Logger } from 'pino';
import { type ApiClient, type Clock, isConflict, onceAMinute, openRetries, systemClock } from '../api/index.ts';
import { openRounds, type Pause, type Rounds } from '../rounds.ts';
import {
  type ClusterObjects,
  type ObjectNames,
  type RememberedSecret,
  readObjects,
  stateOf,
} from './certificate-objects.ts';
import { type CertificateTiming, type CycleState, nextStep, type Step } from './certificate-plan.ts';
import { foreignProblem } from './certificate-trust.ts';
import { openPublishPace } from './publish-pace.ts';
import { bundleOf, type Issued, takeStep } from './take-step.ts';

export interface KeeperOptions {
  readonly client: ApiClient;
  readonly names: ObjectNames;
  /** The names that clients use; a certificate that lacks one is replaced. */
  readonly hosts: readonly string[];
  readonly timing: CertificateTiming;
  readonly issue: () => Promise<Issued>;
  readonly isLeader: () => boolean;
  /** The content for restoring a deleted Secret. */
  readonly remembered: () => RememberedSecret | undefined;
  readonly onRotation: (result: 'success' | 'failure') => void;
  /** Called with every check, even if another replica is the leader. */
  readonly onCheck: () => void;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/** Short enough to repair a bundle within 15 s. */
const backoff = { firstMs: 1_000, longestMs: 8_000 };

const news: Readonly<Partial<Record<Step['do'], string>>> = {
  restore: 'the Secret was lost; recreated it with the certificate in use',
  issue: 'issued a certificate',
  publish: 'published the CA bundle in the webhook configurations',
  mark: 'published the CA of the next certificate; waiting for all API servers to reload it',
  unmark: 'the CA of the next certificate is no longer published; publishing it again',
  promote: 'switched to the next certificate',
  discard: 'discarded the next certificate because it is invalid',
  prune: 'removed expired CAs',
};

/** Plans and performs one step at a time, each from the current state in the API server. */
export function keepCertificate(options: KeeperOptions): Rounds {
  const { names, timing, isLeader, log, clock = systemClock } = options;
  const retries = openRetries(backoff);
  const complain = onceAMinute();
  const pace = openPublishPace(timing.republishMs, clock);
  const plan = openPlan(options, clock);

  async function round(): Promise<Pause> {
    options.onCheck();
    const idle = { ms: timing.checkEveryMs * (0.9 + Math.random() * 0.2) };
    if (!isLeader()) return idle;
    const planned = await plan();
    const { step, now } = planned;
    if (step.do === 'reject') complain('foreign', () => log.error(names, foreignProblem(names)));
    if (step.do === 'reject') return idle;
    if (step.do === 'nothing') return { ms: Math.max(0, Math.min(idle.ms, step.until - now)) };
    const publication = step.do === 'publish' ? bundleOf(step.authorities, planned.objects) : undefined;
    const early = publication === undefined ? 0 : pace.msUntil(publication);
    if (early > 0) return { ms: early, isFixed: true };
    // Reading took time.
    if (!isLeader()) return idle;
    await perform(planned, options);
    if (publication !== undefined) pace.wrote(publication);
    return { ms: timing.stepMs, isFixed: true };
  }

  function failed(error: unknown): Pause {
    if (isConflict(error)) return { ms: timing.stepMs, isFixed: true };
    const { message: problem } = error as Error;
    options.onRotation('failure');
    complain(problem, () => log.error({ problem }, 'certificate reconciliation failed; retrying'));
    return { ms: retries.after(error), isFixed: true };
  }

  return openRounds(
    () =>
      round().then((rest) => {
        retries.reset();
        return rest;
      }, failed),
    clock,
  );
}

/** A step, and the state from which it was planned. */
interface Planned {
  readonly step: Step;
  readonly objects: ClusterObjects;
  readonly remembered: RememberedSecret | undefined;
  readonly now: number;
}

/** Returns the next step each time, from the objects as they are then. */
function openPlan({ client, names, hosts, timing, remembered }: KeeperOptions, clock: Clock): () => Promise<Planned> {
  const byOwnClock = openMarkClock(clock);
  return async () => {
    const objects = await readObjects(client, names);
    const now = clock.date();
    const secret = remembered();
    const state = stateOf(objects, { now, hosts, canRestore: secret !== undefined });
    return { step: nextStep(byOwnClock(state), timing), objects, remembered: secret, now };
  };
}

/**
 * The wait is measured from when this replica saw the mark, because its date comes from another machine's clock and
 * may be wrong.
 */
function openMarkClock(clock: Clock): (state: CycleState) => CycleState {
  let mark: { readonly date: number | undefined; readonly seenAt: number } = { date: undefined, seenAt: 0 };
  return ({ secret, ...state }) => {
    if (secret === 'foreign') return { secret, ...state };
    const { publishedAt: date } = secret;
    if (date !== mark.date) mark = { date, seenAt: clock.now() };
    const publishedAt = date && state.now - (clock.now() - mark.seenAt);
    return { ...state, secret: { ...secret, publishedAt } };
  };
}

async function perform({ step, objects, remembered, now }: Planned, options: KeeperOptions): Promise<void> {
  const { client, names, issue, log } = options;
  await takeStep(step, objects, { client, names, issue, remembered, now });
  if (step.do === 'promote' || (step.do === 'issue' && step.as === 'current')) options.onRotation('success');
  log.info({ step: step.do }, news[step.do]);
}

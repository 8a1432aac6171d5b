import type { Logger } from 'pino';
import { type ApiClient, type Clock, isConflict, onceAMinute, openRetries, systemClock } from '../api/index.ts';
import { type ObjectNames, type RememberedSecret, readObjects, stateOf } from './certificate-objects.ts';
import { type CertificateTiming, type CycleState, nextStep, type Step } from './certificate-plan.ts';
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

/** Keeps Secret and webhook configurations up to date while this replica is the leader. */
export interface CertificateKeeper {
  /** Checks now, because something has changed. */
  wake(): void;
  close(): Promise<void>;
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
export function keepCertificate(options: KeeperOptions): CertificateKeeper {
  const { client, names, timing, hosts, isLeader, log, clock = systemClock } = options;
  const closing = new AbortController();
  const retries = openRetries(backoff);
  const complain = onceAMinute();
  let waking = new AbortController();
  let mark: { readonly date: number | undefined; readonly seenAt: number } = { date: undefined, seenAt: 0 };
  const pace = openPublishPace(timing.republishMs, clock);

  /**
   * The wait is measured from when this replica saw the mark, because its date comes from another machine's clock and
   * may be wrong.
   */
  function byOwnClock({ secret, ...state }: CycleState): CycleState {
    if (secret === 'foreign') return { secret, ...state };
    const { publishedAt: date } = secret;
    if (date !== mark.date) mark = { date, seenAt: clock.now() };
    const publishedAt = date && state.now - (clock.now() - mark.seenAt);
    return { ...state, secret: { ...secret, publishedAt } };
  }

  /** Returns how long to pause, and whether a change may end the pause. */
  async function round(): Promise<{ readonly ms: number; readonly isLight: boolean }> {
    options.onCheck();
    const idle = { ms: timing.checkEveryMs * (0.9 + Math.random() * 0.2), isLight: true };
    if (!isLeader()) return idle;
    const objects = await readObjects(client, names);
    const now = clock.date();
    const remembered = options.remembered();
    const state = stateOf(objects, { now, hosts, canRestore: remembered !== undefined });
    const step = nextStep(byOwnClock(state), timing);
    if (step.do === 'refuse') complain('foreign', () => log.error(names, foreignProblem(names)));
    if (step.do === 'refuse') return idle;
    if (step.do === 'nothing') return { ms: Math.max(0, Math.min(idle.ms, step.until - now)), isLight: true };
    const publication = step.do === 'publish' ? bundleOf(step.authorities, objects) : undefined;
    const early = publication === undefined ? 0 : pace.msUntil(publication);
    if (early > 0) return { ms: early, isLight: false };
    // Reading took time.
    if (!isLeader()) return idle;
    await takeStep(step, objects, { client, names, issue: options.issue, remembered, now });
    if (publication !== undefined) pace.wrote(publication);
    if (step.do === 'promote' || (step.do === 'issue' && step.as === 'current')) options.onRotation('success');
    log.info({ step: step.do }, news[step.do]);
    return { ms: timing.stepMs, isLight: false };
  }

  function failed(error: unknown): { readonly ms: number; readonly isLight: boolean } {
    if (isConflict(error)) return { ms: timing.stepMs, isLight: false };
    const { message: problem } = error as Error;
    options.onRotation('failure');
    complain(problem, () => log.error({ problem }, 'certificate reconciliation failed; retrying'));
    return { ms: retries.after(error), isLight: false };
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      waking = new AbortController();
      const rest = await round().then((next) => {
        retries.reset();
        return next;
      }, failed);
      const signals = rest.isLight ? [closing.signal, waking.signal] : [closing.signal];
      await clock.pause(rest.ms, AbortSignal.any(signals));
    }
  }
  const ended = run();
  return {
    wake: () => waking.abort(),
    close() {
      closing.abort();
      return ended;
    },
  };
}

/** The problem of a Secret without that label. */
export const foreignProblem = ({ namespace, secret }: ObjectNames): string =>
  `Secret ${namespace}/${secret} lacks the label podwright.dev/managed-by=podwright and is left alone; delete it, or serve its certificate with --tls-cert and --tls-key`;

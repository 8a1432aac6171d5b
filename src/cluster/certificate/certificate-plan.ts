/** The certificate of an authority; times are milliseconds since 1970. */
export interface Authority {
  /** The same for the same certificate. */
  readonly id: string;
  readonly expires: number;
  /** Made by this program. What else stands in a bundle is not kept. */
  readonly isOwn: boolean;
}

/** A certificate with its key, as far as the plan needs to know it. */
export interface PairState {
  /** The id of the authority that signed it. */
  readonly authority: string;
  readonly expires: number;
  /** The key belongs to it, its authority is there, and both are valid now. */
  readonly isFit: boolean;
  /** It has every name that the API server may call the server by. */
  readonly isForAllHosts: boolean;
}

/** What the Secret holds. */
export interface SecretState {
  readonly current: PairState | undefined;
  readonly next: PairState | undefined;
  /** Those that clients are to trust for the sake of the current certificate and of earlier ones. */
  readonly trusted: readonly Authority[];
  /** The one that signed `next`. */
  readonly nextAuthority: Authority | undefined;
  /** Since when every bundle has had the authority of `next`, by the clock of `now`. */
  readonly publishedAt: number | undefined;
  /** Somebody asked for a new certificate. */
  readonly isRotationWanted: boolean;
}

export interface CycleState {
  readonly now: number;
  /** `foreign`: it is there, and not ours. */
  readonly secret: SecretState | 'foreign';
  /** A fit pair is remembered from before. */
  readonly canRestore: boolean;
  /** The authorities in the caBundle of every webhook. */
  readonly bundles: readonly (readonly Authority[])[];
}

export interface PlanTiming {
  /** How long before it expires a certificate is replaced. */
  readonly renewBeforeMs: number;
  /** How long every API server is given to learn of a new authority. */
  readonly waitMs: number;
}

/** The times of a certificate's life, in milliseconds. */
export interface CertificateTiming extends PlanTiming {
  readonly lifeMs: number;
  /** How often all is looked at besides being watched, by the wall clock: a machine that slept missed its moment. */
  readonly checkEveryMs: number;
  /** Between two steps. */
  readonly stepMs: number;
  /** Between two writes of the same bundle, in case something else overwrites it all the time. */
  readonly republishMs: number;
}

const dayMs = 24 * 3600_000;

export const defaultCertificateTiming: CertificateTiming = {
  lifeMs: 30 * dayMs,
  renewBeforeMs: 10 * dayMs,
  waitMs: 60_000,
  checkEveryMs: 60_000,
  stepMs: 250,
  republishMs: 5_000,
};

/** One write, after which everything is read and planned again; or none until a time. */
export type Step =
  | { readonly do: 'refuse' }
  | { readonly do: 'restore' }
  | { readonly do: 'issue'; readonly as: 'current' | 'next' }
  | { readonly do: 'publish'; readonly authorities: readonly string[] }
  | { readonly do: 'mark' | 'unmark' | 'promote' | 'discard' | 'prune' }
  | { readonly do: 'nothing'; readonly until: number };

/** The bundles must not grow without end, whatever makes certificates be issued again and again. */
const mostAuthorities = 10;

/**
 * The next step of the certificate's life: a new authority is published before anything is served in its name, and
 * stays until it expires, so that after any step the process may end: what is served is always trusted.
 */
export function nextStep(state: CycleState, timing: PlanTiming): Step {
  const { secret, bundles, now } = state;
  if (secret === 'foreign') return { do: 'refuse' };
  const { current, next } = secret;
  const authorities = authoritiesToPublish(secret, state);
  const publish = bundles.every((bundle) => isSame(bundle, authorities))
    ? undefined
    : ({ do: 'publish', authorities } as const);
  if (current?.isFit !== true) {
    // What is served now is not accepted any more, so there is nothing to wait for.
    if (next?.isFit === true) return publish ?? { do: 'promote' };
    return state.canRestore ? { do: 'restore' } : { do: 'issue', as: 'current' };
  }
  if (next !== undefined) return stepOfNext(next, secret.publishedAt, state, { publish, waitMs: timing.waitMs });
  return publish ?? stepOfCurrent(current, secret, { bundles, now, renewal: current.expires - timing.renewBeforeMs });
}

function stepOfNext(
  next: PairState,
  publishedAt: number | undefined,
  { bundles, now }: CycleState,
  { publish, waitMs }: { readonly publish: Step | undefined; readonly waitMs: number },
): Step {
  if (!next.isFit || !next.isForAllHosts) return { do: 'discard' };
  const isEverywhere = bundles.every((bundle) => bundle.some(({ id }) => id === next.authority));
  if (publishedAt !== undefined && !isEverywhere) return { do: 'unmark' };
  if (publish !== undefined) return publish;
  if (publishedAt === undefined) return { do: 'mark' };
  const promotion = publishedAt + waitMs;
  return now < promotion ? { do: 'nothing', until: promotion } : { do: 'promote' };
}

function stepOfCurrent(
  current: PairState,
  { trusted, isRotationWanted }: SecretState,
  {
    bundles,
    now,
    renewal,
  }: { readonly bundles: CycleState['bundles']; readonly now: number; readonly renewal: number },
): Step {
  if (now >= renewal || !current.isForAllHosts || isRotationWanted) return { do: 'issue', as: 'next' };
  if (trusted.some(({ expires }) => expires <= now)) return { do: 'prune' };
  return { do: 'nothing', until: Math.min(renewal, ...[...trusted, ...bundles.flat()].map(({ expires }) => expires)) };
}

/** Those in force, and what the bundles have of us besides: a replica may still serve in its name. */
function authoritiesToPublish(secret: SecretState, { bundles, now }: CycleState): string[] {
  const isValid = ({ expires }: Authority): boolean => expires > now;
  const needed = [...(secret.nextAuthority === undefined ? [] : [secret.nextAuthority]), ...secret.trusted];
  const kept = bundles.flat().filter(({ isOwn }) => isOwn);
  const latestFirst = kept.toSorted((a, b) => b.expires - a.expires || (a.id < b.id ? -1 : 1));
  const ids = [...needed.filter(isValid), ...latestFirst.filter(isValid)].map(({ id }) => id);
  return [...new Set(ids)].slice(0, Math.max(mostAuthorities, needed.length));
}

function isSame(bundle: readonly Authority[], ids: readonly string[]): boolean {
  const found = new Set(bundle.map(({ id }) => id));
  return found.size === ids.length && ids.every((id) => found.has(id));
}

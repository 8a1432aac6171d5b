import { dayMs, minuteMs } from '../../time-units.ts';
/** A CA certificate; times are milliseconds since 1970. */
export interface Authority {
  /** Identifies the certificate. */
  readonly id: string;
  readonly expires: number;
  /** Created by this program. Other content of a bundle is not kept. */
  readonly isOwn: boolean;
}

/** The properties of a certificate with its key that the plan needs. */
export interface PairState {
  /** The id of the CA that signed it. */
  readonly authority: string;
  readonly expires: number;
  /** The key matches, its CA is there, and both are valid now. */
  readonly isFit: boolean;
  /** It includes every name that the API server may use for the server. */
  readonly isForAllHosts: boolean;
}

/** The content of the Secret. */
export interface SecretState {
  readonly current: PairState | undefined;
  readonly next: PairState | undefined;
  /** CAs for clients to trust, for the current certificate and earlier ones. */
  readonly trusted: readonly Authority[];
  /** The CA that signed `next`. */
  readonly nextAuthority: Authority | undefined;
  /** When every bundle had the CA of `next`, by the clock of `now`. */
  readonly publishedAt: number | undefined;
  /** A new certificate was requested. */
  readonly isRotationWanted: boolean;
}

export interface CycleState {
  readonly now: number;
  /** `foreign` if it exists but is not ours. */
  readonly secret: SecretState | 'foreign';
  /** A valid pair is remembered. */
  readonly canRestore: boolean;
  /** The CAs in the caBundle of every webhook. */
  readonly bundles: readonly (readonly Authority[])[];
}

export interface PlanTiming {
  /** How long before its expiry a certificate is replaced. */
  readonly renewBeforeMs: number;
  /** How long to wait until every API server knows a new CA. */
  readonly waitMs: number;
}

/** The timing of a certificate's life, in milliseconds. */
export interface CertificateTiming extends PlanTiming {
  readonly lifeMs: number;
  /** How often everything is checked besides the watches, by the wall clock, because a suspended machine misses its timers. */
  readonly checkEveryMs: number;
  /** The pause between two steps. */
  readonly stepMs: number;
  /** The pause between two writes of the same bundle, in case something else keeps overwriting it. */
  readonly republishMs: number;
}

/** A certificate lives for 30 days, and is renewed 10 days before its end. */
export const defaultCertificateTiming: CertificateTiming = {
  lifeMs: 30 * dayMs,
  renewBeforeMs: 10 * dayMs,
  waitMs: minuteMs,
  checkEveryMs: minuteMs,
  stepMs: 250,
  republishMs: 5_000,
};

/** One write, after which everything is read and planned again; or a pause. */
export type Step =
  | { readonly do: 'reject' }
  | { readonly do: 'restore' }
  | { readonly do: 'issue'; readonly as: 'current' | 'next' }
  | { readonly do: 'publish'; readonly authorities: readonly string[] }
  | { readonly do: 'mark' | 'unmark' | 'promote' | 'discard' | 'prune' }
  | { readonly do: 'nothing'; readonly until: number };

/** Keeps bundles from growing without limit if certificates are reissued again and again. */
const mostAuthorities = 10;

/**
 * The next step of the certificate's life. A new CA is published before a certificate that it signed is served, and
 * stays until it expires. The process can therefore stop after any step: the served certificate is always trusted.
 */
export function nextStep(state: CycleState, timing: PlanTiming): Step {
  const { secret, bundles, now } = state;
  if (secret === 'foreign') return { do: 'reject' };
  const { current, next } = secret;
  const authorities = authoritiesToPublish(secret, state);
  const publish = bundles.every((bundle) => isSame(bundle, authorities))
    ? undefined
    : ({ do: 'publish', authorities } as const);
  if (current?.isFit !== true) {
    // The served certificate is not accepted any more, so there is no point in waiting.
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

/** The CAs in force and our other CAs in the bundles, because a replica may still serve a certificate of theirs. */
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

import { expect, test } from 'vitest';
import {
  type Authority,
  type CycleState,
  nextStep,
  type PairState,
  type SecretState,
} from '../../../src/cluster/certificate/certificate-plan.ts';

const day = 24 * 3600_000;
const now = 1_000 * day;
const timing = { renewBeforeMs: 10 * day, waitMs: 60_000 };

const authority = (id: string, more: Partial<Authority> = {}): Authority => ({
  id,
  expires: now + 30 * day,
  isOwn: true,
  ...more,
});
const pair = (of: string, more: Partial<PairState> = {}): PairState => ({
  authority: of,
  expires: now + 30 * day,
  isFit: true,
  isForAllHosts: true,
  ...more,
});

const a = authority('a');
const b = authority('b');
const old = authority('old', { expires: now + 5 * day });
const expired = authority('expired', { expires: now });
const foreign = authority('foreign', { isOwn: false });
const unfit = { isFit: false };

const empty: SecretState = {
  current: undefined,
  next: undefined,
  trusted: [],
  nextAuthority: undefined,
  publishedAt: undefined,
  isRotationWanted: false,
};
const steady: SecretState = { ...empty, current: pair('a'), trusted: [a] };
const rotating: SecretState = { ...steady, next: pair('b'), nextAuthority: b };
const waiting: SecretState = { ...rotating, publishedAt: now - 10_000 };
const promoted: SecretState = { ...steady, current: pair('b'), trusted: [b, a] };
const publish = (...authorities: string[]) => ({ do: 'publish', authorities });
const issue = (as: string) => ({ do: 'issue', as });
const nothing = (until: number) => ({ do: 'nothing', until });

type Case = [
  what: string,
  secret: CycleState['secret'],
  bundles: Authority[][],
  step: object,
  more?: Partial<CycleState>,
];

const cases: Case[] = [
  ['a foreign Secret', 'foreign', [[]], { do: 'reject' }],
  ['a foreign Secret and a certificate in memory', 'foreign', [[]], { do: 'reject' }, { canRestore: true }],

  ['nothing at all', empty, [[]], issue('current')],
  ['nothing, and bundles of earlier days', empty, [[old, expired]], issue('current')],
  ['nothing, and no configuration', empty, [], issue('current')],
  ['a certificate in memory alone', empty, [[a]], { do: 'restore' }, { canRestore: true }],
  ['an unfit certificate', { ...steady, current: pair('a', unfit) }, [[a]], issue('current')],
  [
    'an unfit certificate, a fit one in memory',
    { ...steady, current: pair('a', unfit) },
    [[a]],
    { do: 'restore' },
    { canRestore: true },
  ],
  ['an unfit certificate, a fit next one', { ...rotating, current: pair('a', unfit) }, [[a]], publish('b', 'a')],
  ['the same, published', { ...rotating, current: pair('a', unfit) }, [[a, b]], { do: 'promote' }],
  [
    'the same, with one in memory',
    { ...rotating, current: pair('a', unfit) },
    [[a, b]],
    { do: 'promote' },
    { canRestore: true },
  ],
  ['the same, without configuration', { ...rotating, current: pair('a', unfit) }, [], { do: 'promote' }],
  ['neither fit', { ...rotating, current: pair('a', unfit), next: pair('b', unfit) }, [[a]], issue('current')],

  ['a new certificate, not published', steady, [[], []], publish('a')],
  ['published in one of two places', steady, [[a], []], publish('a')],
  ['published', steady, [[a], [a]], nothing(now + 20 * day)],
  ['nowhere to publish', steady, [], nothing(now + 20 * day)],
  ['an earlier authority is published', steady, [[a, old]], nothing(now + 5 * day)],
  ['an earlier authority is published in one place', steady, [[a], [a, old]], publish('a', 'old')],
  ['an earlier authority has expired', steady, [[a, expired]], publish('a')],
  ['something foreign is published besides', steady, [[a, foreign]], publish('a')],
  ['the bundle is overwritten', steady, [[foreign]], publish('a')],
  [
    'two places know different earlier ones',
    steady,
    [
      [a, old],
      [a, b],
    ],
    publish('a', 'b', 'old'),
  ],

  [
    'the last moment before renewal',
    { ...steady, current: pair('a', { expires: now + 10 * day + 1 }) },
    [[a]],
    nothing(now + 1),
  ],
  ['the moment of renewal', { ...steady, current: pair('a', { expires: now + 10 * day }) }, [[a]], issue('next')],
  ['long past it', { ...steady, current: pair('a', { expires: now + 1 }) }, [[a]], issue('next')],
  ['a name is missing', { ...steady, current: pair('a', { isForAllHosts: false }) }, [[a]], issue('next')],
  ['a new one is asked for', { ...steady, isRotationWanted: true }, [[a]], issue('next')],
  ['a new one is asked for, the old one not published', { ...steady, isRotationWanted: true }, [[]], publish('a')],
  [
    'a new one is asked for while one is coming',
    { ...waiting, isRotationWanted: true },
    [[a, b]],
    nothing(now + 50_000),
  ],

  ['the next one is made', rotating, [[a]], publish('b', 'a')],
  ['its authority is in one place', rotating, [[a, b], [a]], publish('b', 'a')],
  [
    'its authority is everywhere',
    rotating,
    [
      [a, b],
      [b, a],
    ],
    { do: 'mark' },
  ],
  ['it is marked', waiting, [[a, b]], nothing(now + 50_000)],
  ['it has waited almost long enough', { ...waiting, publishedAt: now - 59_999 }, [[a, b]], nothing(now + 1)],
  ['it has waited', { ...waiting, publishedAt: now - 60_000 }, [[a, b]], { do: 'promote' }],
  [
    'it has waited and is no longer published',
    { ...waiting, publishedAt: now - 60_000 },
    [[a, b], [a]],
    { do: 'unmark' },
  ],
  ['it has waited, the current authority is gone', { ...waiting, publishedAt: now - 60_000 }, [[b]], publish('b', 'a')],
  ['there is nowhere to publish it', waiting, [], nothing(now + 50_000)],
  ['it is damaged', { ...waiting, next: pair('', unfit) }, [[a]], { do: 'discard' }],
  ['it lacks a name', { ...waiting, next: pair('b', { isForAllHosts: false }) }, [[a, b]], { do: 'discard' }],

  ['it is the current one now', promoted, [[a, b]], nothing(now + 20 * day)],
  ['the earlier authority is gone from the bundle', promoted, [[b]], publish('b', 'a')],
  ['the earlier authority has expired', { ...promoted, trusted: [b, expired] }, [[b, expired]], publish('b')],
  ['and is no longer published', { ...promoted, trusted: [b, expired] }, [[b]], { do: 'prune' }],
];

test.each(cases)('%s', (_what, secret, bundles, step, more = {}) => {
  expect(nextStep({ now, secret, bundles, canRestore: false, ...more }, timing)).toEqual(step);
});

test('bundles do not grow without end, and what is needed comes first', () => {
  const many = Array.from({ length: 20 }, (_, index) => authority(`n${index}`, { expires: now + day + index }));
  expect(nextStep({ now, secret: steady, bundles: [[...many, a]], canRestore: false }, timing)).toEqual(
    publish('a', 'n19', 'n18', 'n17', 'n16', 'n15', 'n14', 'n13', 'n12', 'n11'),
  );
});

/** A cluster of which only the plan's view is kept. */
function play(state: CycleState, step: ReturnType<typeof nextStep>, id: string): CycleState {
  const { secret } = state;
  if (secret === 'foreign') throw new Error('not ours');
  const life = { expires: state.now + 30 * day };
  const fresh = { pair: pair(id, life), authority: authority(id, life) };
  const overlap = { next: undefined, nextAuthority: undefined, publishedAt: undefined };
  if (step.do === 'publish') {
    const all = [...secret.trusted, ...(secret.nextAuthority ? [secret.nextAuthority] : []), ...state.bundles.flat()];
    const bundle = step.authorities.flatMap((id) => all.find((one) => one.id === id) ?? []);
    return { ...state, bundles: state.bundles.map(() => bundle) };
  }
  const changes: Partial<Record<typeof step.do, Partial<SecretState>>> = {
    mark: { publishedAt: state.now },
    unmark: { publishedAt: undefined },
    prune: { trusted: secret.trusted.filter(({ expires }) => expires > state.now) },
    promote: {
      current: secret.next,
      trusted: [...(secret.nextAuthority ? [secret.nextAuthority] : []), ...secret.trusted],
      ...overlap,
    },
    issue:
      step.do === 'issue' && step.as === 'next'
        ? { next: fresh.pair, nextAuthority: fresh.authority, publishedAt: undefined }
        : { current: fresh.pair, trusted: [fresh.authority, ...secret.trusted], ...overlap },
  };
  return { ...state, secret: { ...secret, ...changes[step.do] } };
}

test('over a year nothing is served that is not trusted, and it comes to rest after every renewal', () => {
  let state: CycleState = { now, secret: empty, bundles: [[], []], canRestore: false };
  const steps: string[] = [];
  while (state.now < now + 365 * day) {
    const step = nextStep(state, timing);
    if (step.do === 'nothing') {
      state = { ...state, now: Math.max(step.until, state.now + 1) };
      continue;
    }
    steps.push(step.do);
    state = play(state, step, `authority ${steps.length}`);
    const { secret, bundles } = state;
    if (secret === 'foreign' || steps.length < 2) continue;
    for (const bundle of bundles) expect(bundle.map(({ id }) => id)).toContain(secret.current?.authority);
    expect(secret.current?.expires).toBeGreaterThan(state.now);
  }
  expect(steps.slice(0, 10)).toEqual([
    'issue',
    'publish',
    'issue',
    'publish',
    'mark',
    'promote',
    'publish',
    'prune',
    'issue',
    'publish',
  ]);
  expect(steps.filter((step) => step === 'promote')).toHaveLength(18);
});

import type { Logger } from 'pino';
import type { PolicyReading } from '../../admission/policy-edit.ts';
import type { Policy } from '../../engine/policy.ts';
import { policyChanges } from '../../engine/policy-changes.ts';
import type { LoadedPolicy } from '../../policy/load.ts';
import { maxPolicyBytes } from '../../policy/policy-text.ts';
import { problemLines } from '../../policy/problem-lines.ts';
import type { Metrics } from '../monitoring/index.ts';

export type LoadPolicy = (text: string) => Promise<LoadedPolicy>;

/** Where a policy is kept. */
export interface PolicyPlace {
  /** What problems begin with. */
  readonly name: string;
  /** What the log says of it. */
  readonly about: Readonly<Record<string, string>>;
}

/** What a place holds, or why that is no text. */
export type FoundPolicy = { readonly text: string } | { readonly problem: string };

export interface PolicyOptions {
  readonly load: LoadPolicy;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'policyLoaded' | 'policyInForce'>;
}

/** The policy in force, which later ones replace. */
export interface PolicyInForce {
  readonly policy: Policy;
  /**
   * Puts what was found into force, unless it is what was found last. When it is invalid, that is logged and counted, and
   * the policy in force stays. One is read after the other, in the order of calls.
   */
  take(place: PolicyPlace, found: FoundPolicy): Promise<PolicyReading>;
}

/** Starts with a policy; `last` is what was found, which is something else where that was invalid. */
export function openPolicyInForce(
  first: Policy,
  last: { readonly found: FoundPolicy; readonly reading: PolicyReading },
  { load, log, metrics }: PolicyOptions,
): PolicyInForce {
  let policy = first;
  let { found: seen, reading } = last;
  let taking: Promise<unknown> = Promise.resolve();
  metrics.policyInForce(policy);

  async function takeNext(place: PolicyPlace, found: FoundPolicy): Promise<PolicyReading> {
    if (isSame(found, seen)) return reading;
    const next = await readPolicy(place, found, load);
    [seen, reading] = [found, next];
    metrics.policyLoaded('policy' in next);
    if ('problems' in next) {
      const { problems } = next;
      log.error({ ...place.about, problems }, 'the policy file is invalid; the last valid policy stays in force');
      return next;
    }
    const changes = policyChanges(policy, next.policy, Date.now());
    ({ policy } = next);
    metrics.policyInForce(policy);
    log.info({ ...place.about, policy: policy.hash, mode: policy.mode, changes }, 'a new policy is in force');
    return next;
  }
  return {
    get policy() {
      return policy;
    },
    take(place, found) {
      const taken = taking.then(() => takeNext(place, found));
      taking = taken.catch(() => undefined);
      return taken;
    },
  };
}

/** The policy that was found, or every problem of it, `place:line:column: field: message`. */
export async function readPolicy(
  { name }: Pick<PolicyPlace, 'name'>,
  found: FoundPolicy,
  load: LoadPolicy,
): Promise<PolicyReading> {
  if ('problem' in found) return { problems: [`${name}: ${found.problem}`] };
  // An empty file is one that is being written, not the wish for a policy without rules.
  if (found.text.trim() === '') return { problems: [`${name}:1:1: the file is empty`] };
  // A file is not read beyond this, but anyone may send a review.
  if (Buffer.byteLength(found.text) > maxPolicyBytes) return { problems: [`${name}: is larger than 1 MiB`] };
  const loaded = await load(found.text);
  return 'policy' in loaded ? loaded : { problems: problemLines(loaded.problems, name) };
}

/** Whether the same was found. */
export const isSame = (a: FoundPolicy, b: FoundPolicy): boolean =>
  'text' in a ? 'text' in b && a.text === b.text : 'problem' in b && a.problem === b.problem;

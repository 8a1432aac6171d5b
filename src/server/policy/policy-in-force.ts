import type { Logger } from 'pino';
import type { PolicyReading } from '../../admission/policy-edit.ts';
import type { Policy } from '../../engine/policy.ts';
import { policyChanges } from '../../engine/policy-changes.ts';
import type { LoadedPolicy } from '../../policy/load.ts';
import { maxPolicyBytes } from '../../policy/policy-text.ts';
import { problemLines } from '../../policy/problem-lines.ts';
import type { Metrics } from '../monitoring/index.ts';

/** Reads the text of a policy. */
export type LoadPolicy = (text: string) => Promise<LoadedPolicy>;

/** The place that a policy comes from. */
export interface PolicyPlace {
  /** The beginning of each problem. */
  readonly name: string;
  /** Fields of log lines. */
  readonly about: Readonly<Record<string, string>>;
}

/** The text found there, or why there is none. */
export type FoundPolicy = { readonly text: string } | { readonly problem: string };

export interface PolicyInForceOptions {
  readonly load: LoadPolicy;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'policyLoaded' | 'policyInForce'>;
}

/** The policy in force, until another one replaces it. */
export interface PolicyInForce {
  readonly policy: Policy;
  /** When it was put into force, in milliseconds since 1970. */
  readonly since: number;
  /** Why the policy found last is invalid, so that an earlier one stays in force; empty if it is valid. */
  readonly problems: readonly string[];
  /**
   * Puts a policy into force, unless its text is the same as last time. If it is invalid, that is logged and counted, and
   * the policy in force stays. Calls are processed in order.
   */
  take(place: PolicyPlace, found: FoundPolicy): Promise<PolicyReading>;
}

/** Starts with a policy. `last` was found last; if it is invalid, the policy is another one. */
export function openPolicyInForce(
  first: Policy,
  last: { readonly found: FoundPolicy; readonly reading: PolicyReading },
  { load, log, metrics }: PolicyInForceOptions,
): PolicyInForce {
  let policy = first;
  let since = Date.now();
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
    since = Date.now();
    metrics.policyInForce(policy);
    log.info({ ...place.about, policy: policy.hash, mode: policy.mode, changes }, 'a new policy is in force');
    return next;
  }
  return {
    get policy() {
      return policy;
    },
    get since() {
      return since;
    },
    get problems() {
      return 'problems' in reading ? reading.problems : [];
    },
    take(place, found) {
      const taken = taking.then(() => takeNext(place, found));
      taking = taken.catch(() => undefined);
      return taken;
    },
  };
}

/** The policy in a text, or every problem of it, `place:line:column: field: message`. */
export async function readPolicy(
  { name }: Pick<PolicyPlace, 'name'>,
  found: FoundPolicy,
  load: LoadPolicy,
): Promise<PolicyReading> {
  if ('problem' in found) return { problems: [`${name}: ${found.problem}`] };
  // An empty file is being written; it does not mean a policy without rules.
  if (found.text.trim() === '') return { problems: [`${name}:1:1: the file is empty`] };
  // Files are not read beyond this limit, but a review may be larger.
  if (Buffer.byteLength(found.text) > maxPolicyBytes) return { problems: [`${name}: is larger than 1 MiB`] };
  const loaded = await load(found.text);
  return 'policy' in loaded ? loaded : { problems: problemLines(loaded.problems, name) };
}

/** Whether both are the same. */
export const isSame = (a: FoundPolicy, b: FoundPolicy): boolean =>
  'text' in a ? 'text' in b && a.text === b.text : 'problem' in b && a.problem === b.problem;

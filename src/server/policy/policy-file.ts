import { setTimeout as sleep } from 'node:timers/promises';
import type { PolicyReading } from '../../admission/policy-edit.ts';
import { readPolicyText } from '../../policy/policy-text.ts';
import { watchFiles } from '../files/index.ts';
import { StartupError } from '../startup-error.ts';
import {
  type FoundPolicy,
  isSame,
  openPolicyInForce,
  type PolicyInForce,
  type PolicyInForceOptions,
  readPolicy,
} from './policy-in-force.ts';

/** Longer than a program pauses while it writes a file. */
const restMs = 100;

/** A policy that comes from a file. */
export interface FiledPolicy extends PolicyInForce {
  /** Stops watching the file. */
  close(): void;
}

/**
 * Loads a policy file and watches it. If it later becomes invalid, empty or missing, the last valid policy stays in
 * force. If it is so at startup, the policy in the file `fallback` is in force, if there is one.
 * @throws StartupError naming every problem, if there is no valid policy at startup.
 */
export async function openPolicyFile(
  file: string,
  options: PolicyInForceOptions & { readonly fallback?: string | undefined; readonly pollMs?: number | undefined },
): Promise<FiledPolicy> {
  const { load, log, metrics, fallback } = options;
  let seen = await foundIn(file);
  let isClosed = false;
  const reading = await readPolicy({ name: file }, seen, load);
  metrics.policyLoaded('policy' in reading);
  const first = 'policy' in reading ? reading.policy : await fallenBack(reading.problems);
  const inForce = openPolicyInForce(first, { found: seen, reading }, options);

  async function fallenBack(problems: readonly string[]) {
    const last = fallback === undefined ? undefined : await lastValid(fallback);
    if (last === undefined || 'problems' in last)
      throw new StartupError([...problems, ...(last?.problems ?? [])].join('\n'));
    const { policy } = last;
    log.error(
      { file, problems, fallback, policy: policy.hash },
      'the policy file is invalid; started with the last valid policy',
    );
    return policy;
  }
  /** Undefined if there is no such file. */
  async function lastValid(name: string): Promise<PolicyReading | undefined> {
    const found = await foundIn(name);
    return 'problem' in found ? undefined : readPolicy({ name }, found, load);
  }
  async function look(): Promise<void> {
    const found = await restingText(file, seen);
    if (isClosed || isSame(found, seen)) return;
    seen = found;
    await inForce.take({ name: file, about: { file } }, found);
  }
  const watch = watchFiles([file], look, options);
  return {
    get policy() {
      return inForce.policy;
    },
    get since() {
      return inForce.since;
    },
    get problems() {
      return inForce.problems;
    },
    take: (place, found) => inForce.take(place, found),
    close() {
      isClosed = true;
      watch.close();
    },
  };
}

async function foundIn(file: string): Promise<FoundPolicy> {
  const found = await readPolicyText(file);
  if ('text' in found) return found;
  return { problem: found.isMissing ? 'the file does not exist' : `cannot be read: ${found.problem}` };
}

/** The content of the file once it stops changing, because half of a file that is being written may also be a valid policy. */
async function restingText(file: string, seen: FoundPolicy): Promise<FoundPolicy> {
  let found = await foundIn(file);
  for (let before = seen; !isSame(found, before); found = await foundIn(file)) {
    before = found;
    await sleep(restMs);
  }
  return found;
}

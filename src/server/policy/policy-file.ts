import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Policy } from '../../engine/policy.ts';
import type { LoadedPolicy } from '../../policy/load.ts';
import { type PolicyText, readPolicyText } from '../../policy/policy-text.ts';
import { watchFiles } from '../files/index.ts';
import type { Metrics } from '../monitoring/index.ts';
import { StartupError } from '../startup-error.ts';

/** Longer than a program pauses while it writes a file. */
const restMs = 100;

export type LoadPolicy = (text: string) => Promise<LoadedPolicy>;

/** The policy in force. */
export interface PolicySource {
  readonly policy: Policy;
  close(): void;
}

/** Every problem is a line of the form `file:line:column: field: message`. */
type PolicyReading = { readonly policy: Policy } | { readonly problems: readonly string[] };

/**
 * Loads a policy file and watches it. If it later becomes invalid, empty or missing, that is logged and counted, and
 * the last valid policy stays in force.
 * @throws StartupError naming every problem, if the policy is invalid at startup.
 */
export async function openPolicyFile(
  file: string,
  options: {
    readonly load: LoadPolicy;
    readonly log: Logger;
    readonly metrics: Metrics;
    readonly pollMs?: number | undefined;
  },
): Promise<PolicySource> {
  const { load, log, metrics } = options;
  let seen = await readPolicyText(file);
  const first = await judge(file, seen, load);
  if ('problems' in first) throw new StartupError(first.problems.join('\n'));
  let { policy } = first;
  metrics.policyLoaded(true);
  async function look(): Promise<void> {
    const found = await restingText(file, seen);
    if (isSame(found, seen)) return;
    seen = found;
    const reading = await judge(file, found, load);
    metrics.policyLoaded('policy' in reading);
    if ('problems' in reading) {
      log.error(
        { file, problems: reading.problems },
        'the policy file is invalid; the last valid policy stays in force',
      );
      return;
    }
    ({ policy } = reading);
    log.info({ file, policy: policy.hash, mode: policy.mode }, 'a new policy is in force');
  }
  const watch = watchFiles([file], look, options);
  return {
    get policy() {
      return policy;
    },
    close: () => watch.close(),
  };
}

async function judge(file: string, found: PolicyText, load: LoadPolicy): Promise<PolicyReading> {
  if (!('text' in found))
    return {
      problems: [`${file}: ${found.isMissing ? 'the file does not exist' : `cannot be read: ${found.problem}`}`],
    };
  const { text } = found;
  // An empty file is being written; it does not mean a policy without rules.
  if (text.trim() === '') return { problems: [`${file}:1:1: the file is empty`] };
  const loaded = await load(text);
  if ('policy' in loaded) return loaded;
  const problems = loaded.problems.map(({ line, column, field, message }) =>
    [`${file}:${line}:${column}`, ...(field === '' ? [] : [field]), message].join(': '),
  );
  return { problems };
}

/** The content of the file once it stops changing, because half of a file that is being written may also be a valid policy. */
async function restingText(file: string, seen: PolicyText): Promise<PolicyText> {
  let found = await readPolicyText(file);
  for (let before = seen; !isSame(found, before); found = await readPolicyText(file)) {
    before = found;
    await sleep(restMs);
  }
  return found;
}

const isSame = (a: PolicyText, b: PolicyText): boolean =>
  'text' in a ? 'text' in b && a.text === b.text : 'problem' in b && a.problem === b.problem;

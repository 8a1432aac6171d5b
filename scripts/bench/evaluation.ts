import { evaluate } from '../../src/engine/evaluate.ts';
import { newestMinor } from '../../src/engine/plan.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { admittedPod } from './sample-pod.ts';
import { median, quantile } from './statistics.ts';

const warmUp = 5_000;
const rounds = 20_000;

/** The rules on which the product is named. */
const eleven = new Set([
  'no-host-network',
  'no-privileged-containers',
  'no-privilege-escalation',
  'run-as-non-root',
  'require-seccomp-profile',
  'drop-all-capabilities',
  'read-only-root-filesystem',
  'require-scratch-space',
  'require-cpu-request',
  'require-memory-request',
  'pre-stop-sleep',
]);

export interface EvaluationTimes {
  /** The measurement. */
  readonly what: string;
  /** Microseconds. */
  readonly median: number;
  readonly p99: number;
}

/** How long it takes to evaluate, and to evaluate and repair, a Pod of three containers under the built-in policy. */
export function measureEvaluation(): EvaluationTimes[] {
  const all = defaultPolicy(rules);
  const few = { ...all, rules: all.rules.filter(({ rule }) => eleven.has(rule.id)) };
  return [
    measure(`Evaluate a Pod of 3 containers by ${few.rules.length} rules`, few, true),
    measure(`Evaluate and repair it by ${few.rules.length} rules`, few, false),
    measure(`Evaluate it by all ${all.rules.length} rules`, all, true),
    measure(`Evaluate and repair it by all ${all.rules.length} rules`, all, false),
  ];
}

function measure(what: string, policy: Policy, final: boolean): EvaluationTimes {
  const run = () => evaluate({ pod: admittedPod }, policy, { minor: newestMinor, final });
  for (let round = 0; round < warmUp; round++) run();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    run();
    times.push((performance.now() - start) * 1000);
  }
  return { what, median: median(times), p99: quantile(times, 0.99) };
}

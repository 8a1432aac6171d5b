import { evaluate } from '../../src/engine/evaluate.ts';
import { newestMinor } from '../../src/engine/judge.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { samplePod } from './sample-pod.ts';
import { median, quantile } from './statistics.ts';

const warmUp = 5_000;
const rounds = 20_000;

export interface EvaluationTimes {
  readonly rules: number;
  readonly patchOperations: number;
  /** Microseconds. */
  readonly median: number;
  readonly p99: number;
}

/** How long it takes to judge and repair a Pod of three containers under the built-in policy. */
export function measureEvaluation(): EvaluationTimes {
  const policy = defaultPolicy(rules);
  const run = () => evaluate({ pod: samplePod }, policy, { minor: newestMinor });
  for (let round = 0; round < warmUp; round++) run();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    run();
    times.push((performance.now() - start) * 1000);
  }
  const patchOperations = run().patch.length;
  return { rules: rules.length, patchOperations, median: median(times), p99: quantile(times, 0.99) };
}

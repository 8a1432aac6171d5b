import type { Unproposed } from '../../audit/usage/index.ts';
import { durationText } from './duration-text.ts';
import { counted } from './layout.ts';

/** The basis of a proposal, and how far it can be trusted. */
export interface UsageBasis {
  readonly throttled: number | undefined;
  readonly oomKilledPods: number;
}

/** `throttled in 12% of periods`, `OOM-killed in 1 Pod`; only a container with a CPU limit can be throttled. */
export function doubtsOf({ throttled, oomKilledPods }: UsageBasis, cpuLimit: string | undefined): string[] {
  return [
    ...throttlingOf(throttled, cpuLimit),
    ...(oomKilledPods > 0 ? [`OOM-killed in ${counted(oomKilledPods, 'Pod')}`] : []),
  ];
}

function throttlingOf(share: number | undefined, cpuLimit: string | undefined): string[] {
  if (share === undefined) return cpuLimit === undefined ? [] : ['throttling unknown'];
  return share === 0 ? [] : [`throttled in ${percent(share)} of periods`];
}

/** A share that is not zero is never shown as zero. */
const percent = (share: number): string => (share < 0.01 ? 'less than 1%' : `${Math.round(share * 100)}%`);

/** Why nothing is proposed. */
export function reasonOf(unproposed: Unproposed, minimumSeconds: number | undefined): string {
  switch (unproposed) {
    case 'unseen':
      return 'no usage was seen';
    case 'too-short':
      return `watched for less than ${minimumSeconds === undefined ? 'the minimum time' : durationText(minimumSeconds)}`;
    case 'incomplete':
      return 'a metric is missing';
  }
}

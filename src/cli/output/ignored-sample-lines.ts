import type { Figure, IgnoredSamples } from '../../audit/usage/index.ts';
import { counted, printable } from './layout.ts';

/** How many samples were ignored and one of them, in a line; none if all could be used. */
export function ignoredSampleLines({ count, first }: IgnoredSamples): string[] {
  if (first === undefined) return [];
  const { figure, value, namespace, pod, container } = first;
  const place = `container ${JSON.stringify(container)} of Pod ${namespace}/${pod}`;
  const sample = `${value} as ${inWords[figure]} of ${place}`;
  return [printable(`ignored: ${counted(count, 'sample')} that no container can have, such as ${sample}`)];
}

const inWords: Readonly<Record<Figure, string>> = {
  cpu: 'the cores',
  memory: 'the bytes',
  peakMemory: 'the most bytes',
  since: 'the first second',
  seconds: 'the seconds watched',
  throttled: 'the throttled share',
};

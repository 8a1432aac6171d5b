import { parseQuantity } from '../../subject/quantity.ts';

/** The figures that are measured of a container: cores, bytes, seconds, and the share of periods in which it was throttled. */
export type Figure = 'cpu' | 'memory' | 'peakMemory' | 'since' | 'seconds' | 'throttled';

/** More than any machine has, and times in a far future. The quotient of two extrapolated counters may exceed 1 a little. */
const largest: Readonly<Record<Figure, number>> = {
  cpu: 1e6,
  memory: 2 ** 50,
  peakMemory: 2 ** 50,
  since: 1e11,
  seconds: 1e11,
  throttled: 2,
};

/** Whether a container can have used this: it is a number, not negative and not absurdly large. */
const isPlausible = (figure: Figure, value: number): boolean => value >= 0 && value <= largest[figure];

/** A sample that no container can have used. */
export interface IgnoredSample extends SampledContainer {
  readonly figure: Figure;
  readonly value: number;
}

interface SampledContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Counts the samples that are ignored because no container can have used that. */
export interface IgnoredSamples {
  /** The value, or undefined if it is unknown or ignored. */
  plausible(figure: Figure, value: number | undefined, container: SampledContainer): number | undefined;
  readonly count: number;
  readonly first: IgnoredSample | undefined;
}

export function openIgnoredSamples(): IgnoredSamples {
  let count = 0;
  let first: IgnoredSample | undefined;
  return {
    plausible(figure, value, { namespace, pod, container }) {
      if (value === undefined || isPlausible(figure, value)) return value;
      count++;
      first ??= { figure, value, namespace, pod, container };
      return undefined;
    },
    get count() {
      return count;
    },
    get first() {
      return first;
    },
  };
}

/** The amount of a quantity in cores or bytes, if a container can have it as a request or limit. */
export function plausibleAmount(resource: 'cpu' | 'memory', quantity: unknown): number | undefined {
  const amount = Number(parseQuantity(quantity) ?? 0n) / 1e9;
  return amount > 0 && isPlausible(resource, amount) ? amount : undefined;
}

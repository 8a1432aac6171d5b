import { compoundPods } from './compound-pods.ts';
import { workOf } from './count-work.ts';
import { elementsOf, kindsOfElements } from './elements.ts';
import { podPlaces } from './pod-places.ts';
import type { GivenPod } from './surfaces.ts';

// the counters must be there before the sources are loaded
const { evaluateEverywhere } = await import('./surfaces.ts');

const factor = 4;
const few = 16;
/** The number of bad containers of which one Pod needs more repairs than a patch may hold. */
const beyondRepair = 120;
/** All work together may grow by a little more than the object: numbers and names get longer. */
const mostGrowth = 4.5;
/** A place of the source may grow by more, for what few elements do not reach; were it quadratic it would be by 16. */
const mostGrowthOfPlace = 6;
const slackPerElement = 2;

const sum = (work: ReadonlyMap<string, number>): number => [...work.values()].reduce((all, steps) => all + steps, 0);

/** What grows faster than the Pod does. */
function* tooMuchOf(count: number, podWith: (count: number) => GivenPod): Generator<string> {
  const [pod, larger] = [podWith(count), podWith(factor * count)];
  const before = workOf(() => evaluateEverywhere(pod));
  const after = workOf(() => evaluateEverywhere(larger));
  if (sum(after) > mostGrowth * sum(before)) yield `${Math.round(sum(before))} steps become ${Math.round(sum(after))}`;
  for (const [place, steps] of after) {
    const own = before.get(place) ?? 0;
    if (steps > mostGrowthOfPlace * own + slackPerElement * factor * count)
      yield `${place}: ${Math.round(own)} steps become ${Math.round(steps)}`;
  }
}

const growth: Record<string, string[]> = {};
// what is kept between calls must not count as work of the first
for (const podWith of Object.values(compoundPods)) evaluateEverywhere(podWith(2));
for (const place of podPlaces())
  for (const kind of kindsOfElements)
    if (Object.keys(elementsOf(place, kind, 1)).length > 0)
      growth[`${place.name} (${kind})`] = [...tooMuchOf(few, (count) => place.podWith(elementsOf(place, kind, count)))];
for (const [what, podWith] of Object.entries(compoundPods)) growth[what] = [...tooMuchOf(few, podWith)];
for (const [what, podWith] of Object.entries(compoundPods).slice(0, 1))
  growth[`${what}, beyond repair`] = [...tooMuchOf(beyondRepair, podWith)];
console.log(JSON.stringify(growth));

import { decide, maxContainers } from '../../src/admission/decide.ts';
import type { WebhookPath } from '../../src/admission/decision.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { defaultLimits } from '../../src/server/http/limits.ts';
import { marksIn } from '../../src/server/webhook/json-marks.ts';
import { elementsOf, kindsOfElements } from '../../test/engine/growth/elements.ts';
import { podPlaces } from '../../test/engine/growth/pod-places.ts';
import { everythingOn } from '../../test/support/policies.ts';
import { requestFor } from '../../test/support/requests.ts';

/** The largest request that the API server accepts. */
export const largestBytes = 3 * 1024 * 1024;

export interface SlowestReview {
  /** `/validate, UPDATE: spec.volumes (bad)` */
  readonly what: string;
  readonly milliseconds: number;
}

const world = { minor: 36, now: 0, namespaceLabels: {}, limitDefaults: [], policy: everythingOn() };

/** The slowest are found with so much smaller Pods, because the time is linear in the size. */
const reduction = 8;
const suspects = 8;
/** The best counts, because another process may have had the core. */
const turns = 3;

/** The reviews of largest Pods that take longest to decide, all rules and fixes on: each list and map filled in turn. */
export function measureLargest(): SlowestReview[] {
  const times = [...reviewsOf(1 / reduction)]
    .map((review) => ({ what: review.what, milliseconds: timeOf(review) }))
    .toSorted((a, b) => b.milliseconds - a.milliseconds);
  const suspected = new Set(times.slice(0, suspects).map(({ what }) => what));
  return [...reviewsOf(1)]
    .filter(({ what }) => suspected.has(what))
    .map((review) => ({
      what: review.what,
      milliseconds: Math.min(...Array.from({ length: turns }, () => timeOf(review))),
    }))
    .toSorted((a, b) => b.milliseconds - a.milliseconds);
}

interface LargestReview {
  readonly what: string;
  request(): AdmissionRequest;
  readonly path: WebhookPath;
}

const containerLists = new Set(['spec.containers', 'spec.initContainers', 'spec.ephemeralContainers']);

/** A share of one half halves the number of elements. */
function* reviewsOf(share: number): Generator<LargestReview> {
  for (const place of podPlaces())
    for (const kind of kindsOfElements) {
      const few = elementsOf(place, kind, 100);
      if (few === undefined) continue;
      const json = Buffer.from(JSON.stringify(few));
      const hundreds = Math.min(
        largestBytes / json.length,
        defaultLimits.jsonMarks / marksIn(json, Number.POSITIVE_INFINITY),
      );
      const most = containerLists.has(place.name) ? maxContainers : Number.POSITIVE_INFINITY;
      const count = Math.floor(Math.min(hundreds * 100, most) * share);
      const object = () => ({ ...pod, ...place.podWith(elementsOf(place, kind, count) ?? []) });
      const created = () => ({ ...creation, object: object() });
      const updated = () => ({ ...creation, operation: 'UPDATE', object: object(), oldObject: pod });
      const name = `${place.name} (${kind})`;
      yield { what: `/mutate: ${name}`, request: created, path: 'mutate' };
      yield { what: `/validate: ${name}`, request: created, path: 'validate' };
      yield { what: `/validate, UPDATE: ${name}`, request: updated, path: 'validate' };
    }
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:0' }] },
};
const creation = requestFor(pod);

function timeOf({ path, request }: LargestReview): number {
  const made = request();
  const start = performance.now();
  decide(path, made, world);
  return performance.now() - start;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { AdmissionReview } from '../../src/admission/review.ts';
import type { NamespaceEntry } from '../../src/engine/namespace-entry.ts';
import type { WebhookWorld } from '../../src/server/webhook/webhook-route.ts';
import { deploymentObject, podObject, requestFor } from '../support/requests.ts';
import { policyOf, startApp } from './support.ts';

const relaxed: NamespaceEntry = { match: { labels: { relaxed: 'yes' } }, mode: 'audit', rules: {} };
const policy = { ...policyOf('enforce'), namespaces: [relaxed] };
const onHost = { hostNetwork: true, containers: [{ name: 'app', image: 'app:1' }] };

type Wait = Parameters<WebhookWorld['settled']>[1];

/** A world in which the namespace becomes known after a while; tells how long it was waited for at most. */
function worldKnownAfter(ms: number) {
  const waits: Wait[] = [];
  let labels: { relaxed: string } | undefined;
  const world: WebhookWorld = {
    at: () => ({ policy, minor: 36, namespaceLabels: labels }),
    async settled(_namespace, wait) {
      waits.push(wait);
      await sleep(Math.min(ms, wait.waitMs));
      if (ms <= wait.waitMs) labels = { relaxed: 'yes' };
    },
  };
  return { world, waits };
}

async function verdictOf(world: WebhookWorld, path: string, object: object): Promise<string | undefined> {
  const { client } = await startApp({ world });
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: requestFor(object) };
  const { text } = await client.post(path, JSON.stringify(review));
  return (JSON.parse(text) as AdmissionReview).response.auditAnnotations?.['verdict'];
}

describe('a namespace that is not known yet', () => {
  test('is waited for, and evaluated with its labels', async () => {
    const { world, waits } = worldKnownAfter(50);
    expect(await verdictOf(world, '/validate?timeout=5s', podObject(onHost))).toBe('audit_deny');
    expect(waits).toEqual([{ waitMs: 250, wantsLimits: false }]);
  });

  test('is waited for a limited time, and then evaluated with the strictest reading', async () => {
    const { world, waits } = worldKnownAfter(60_000);
    expect(await verdictOf(world, '/validate?timeout=5s', podObject(onHost))).toBe('deny');
    expect(waits).toEqual([{ waitMs: 250, wantsLimits: false }]);
  });

  test('is given no more time than the API server has', async () => {
    const { world, waits } = worldKnownAfter(60_000);
    expect(await verdictOf(world, '/validate?timeout=0s', podObject(onHost))).toBe('deny');
    expect(waits).toEqual([]);
  });

  test('concerns its LimitRanges too where a template is evaluated', async () => {
    const { world, waits } = worldKnownAfter(1);
    await verdictOf(world, '/validate', deploymentObject(onHost));
    await verdictOf(world, '/mutate', podObject(onHost));
    expect(waits.map(({ wantsLimits }) => wantsLimits)).toEqual([true, false]);
  });
});

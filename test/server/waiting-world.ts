import type { WebhookWorld } from '../../src/server/webhook/webhook-route.ts';
import { policyOf } from './support.ts';

/** A world in which a review waits for its namespace: `judging` settles when it does, `arrive` ends the wait. */
export function waitingWorld(): {
  readonly world: WebhookWorld;
  readonly judging: Promise<void>;
  readonly namespace: { readonly arrive: () => void };
} {
  const judging = Promise.withResolvers<void>();
  const namespace = Promise.withResolvers<void>();
  const world: WebhookWorld = {
    at: () => ({ policy: policyOf('enforce'), minor: 36 }),
    settled() {
      judging.resolve();
      return namespace.promise;
    },
  };
  return { world, judging: judging.promise, namespace: { arrive: namespace.resolve } };
}

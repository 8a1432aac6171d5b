import type { WebhookWorld } from '../../src/server/webhook/webhook-route.ts';
import { policyOf } from './support.ts';

/** A world in which a review waits for its namespace: `evaluating` settles when it does, `arrive` ends the wait. */
export function waitingWorld(): {
  readonly world: WebhookWorld;
  readonly evaluating: Promise<void>;
  readonly namespace: { readonly arrive: () => void };
} {
  const evaluating = Promise.withResolvers<void>();
  const namespace = Promise.withResolvers<void>();
  const world: WebhookWorld = {
    at: () => ({ policy: policyOf('enforce'), minor: 36 }),
    settled() {
      evaluating.resolve();
      return namespace.promise;
    },
  };
  return { world, evaluating: evaluating.promise, namespace: { arrive: namespace.resolve } };
}

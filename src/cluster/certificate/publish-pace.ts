import type { Clock } from '../api/index.ts';
import type { ConfigurationKind } from '../webhook-configuration.ts';
import type { Publication } from './take-step.ts';

/** Keeps a bundle from being written again and again to a configuration where something else keeps overwriting it. */
export interface PublishPace {
  /** Milliseconds until the bundle is due in one of the configurations: at once in one that is new. */
  msUntil(publication: Publication): number;
  wrote(publication: Publication): void;
}

export function openPublishPace(republishMs: number, clock: Pick<Clock, 'now'>): PublishPace {
  const writes = new Map<
    ConfigurationKind,
    { readonly pem: string; readonly uid: string | undefined; readonly at: number }
  >();
  return {
    msUntil({ pem, outdated }) {
      const waits = outdated.map(({ kind, configuration }) => {
        const last = writes.get(kind);
        const isAgain = last?.pem === pem && last.uid === configuration.metadata?.uid;
        return isAgain ? last.at + republishMs - clock.now() : 0;
      });
      return Math.max(0, Math.min(...waits));
    },
    wrote({ pem, outdated }) {
      for (const { kind, configuration } of outdated)
        writes.set(kind, { pem, uid: configuration.metadata?.uid, at: clock.now() });
    },
  };
}

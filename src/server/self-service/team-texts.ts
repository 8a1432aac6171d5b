import type { Logger } from 'pino';
import type { ApiClient, Backoff, WatchMetrics } from '../../cluster/api/index.ts';
import type { TeamText, watchTeamTexts } from '../../cluster/team-config-maps.ts';
import type { TeamExemptions } from '../../policy/team-exemptions.ts';

/** Reads the text of a team. */
export type ReadTeamExemptions = (text: string) => Promise<TeamExemptions>;

export interface TeamTextsOptions {
  readonly client: ApiClient;
  /** From the layer `cluster`, which is loaded on demand. */
  readonly watchTeamTexts: typeof watchTeamTexts;
  readonly read: ReadTeamExemptions;
  readonly metrics: WatchMetrics;
  readonly log: Logger;
  readonly backoff?: Backoff | undefined;
}

/** The exemptions of a team, and the uid of their ConfigMap. */
export interface WrittenText {
  readonly exemptions: TeamExemptions;
  readonly uid: string | undefined;
}

/** The exemptions that teams have written, by namespace, kept up to date by a watch. */
export interface TeamTexts {
  readonly written: ReadonlyMap<string, WrittenText>;
  /** Everything was read, or may not be read. */
  readonly isKnown: boolean;
  /** Resolves when it is known, or when it is closed. */
  readonly known: Promise<void>;
  close(): void;
}

/** `onChange` is called with each namespace whose exemptions have changed. */
export function openTeamTexts(
  { read, watchTeamTexts, ...options }: TeamTextsOptions,
  onChange: (namespace: string) => void,
): TeamTexts {
  const texts = new Map<string, string>();
  const written = new Map<string, WrittenText>();
  const known = Promise.withResolvers<void>();
  let isKnown = false;

  function become(): void {
    isKnown = true;
    known.resolve();
  }
  async function take({ namespace, text, uid }: TeamText): Promise<void> {
    if (texts.get(namespace) === text) return;
    texts.set(namespace, text);
    const exemptions = await read(text);
    // another one may have arrived meanwhile
    if (texts.get(namespace) !== text) return;
    written.set(namespace, { exemptions, uid });
    onChange(namespace);
  }
  function drop(namespace: string): void {
    texts.delete(namespace);
    if (written.delete(namespace)) onChange(namespace);
  }
  const watch = watchTeamTexts({
    ...options,
    onReplace(items) {
      const listed = new Set(items.map(({ namespace }) => namespace));
      for (const namespace of texts.keys()) if (!listed.has(namespace)) drop(namespace);
      void Promise.all(items.map(take)).then(become);
    },
    onUpsert: (item) => void take(item),
    onDelete: ({ namespace }) => drop(namespace),
    onRejected: become,
  });
  return {
    written,
    get isKnown() {
      return isKnown;
    },
    known: known.promise,
    close() {
      watch.close();
      known.resolve();
    },
  };
}

import { isRecord } from '../subject/is-record.ts';
/** The program that an image starts, and its user. */
export interface ImageConfig {
  readonly User?: string;
  readonly Entrypoint?: unknown;
  readonly Cmd?: unknown;
  readonly Env?: unknown;
}

/** The settings in the configuration of an image; undefined if it is none, so that no user stands for root by mistake. */
export function imageConfigIn(json: unknown): ImageConfig | undefined {
  if (!isRecord(json)) return undefined;
  const settings = json['config'] ?? {};
  if (!isRecord(settings)) return undefined;
  const { User = '' } = settings;
  return typeof User === 'string' ? { ...settings, User } : undefined;
}

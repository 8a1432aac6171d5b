import type { V1Secret } from '@kubernetes/client-node';
import type { Pair } from './examine-pair.ts';

/** A Secret without this label is not touched. */
export const ownLabel = { key: 'podwright.dev/managed-by', value: 'podwright' } as const;

/** With any value, requests a new certificate now. */
const rotate = 'podwright.dev/rotate';
const phase = 'podwright.dev/phase';
const publishedAt = 'podwright.dev/published-at';

/** The decoded content of the Secret. */
export interface CertificateContent {
  readonly current: Pair | undefined;
  /** CAs in PEM: of the current certificate and of earlier ones that have not expired. */
  readonly trusted: string;
  readonly next: (Pair & { readonly ca: string }) | undefined;
  /** Milliseconds since 1970. */
  readonly publishedAt: number | undefined;
  readonly isRotationWanted: boolean;
}

/** The content of a Secret without a certificate. */
export const noContent: CertificateContent = {
  current: undefined,
  trusted: '',
  next: undefined,
  publishedAt: undefined,
  isRotationWanted: false,
};

/** Whether the Secret has the label of Secrets that Podwright may write. */
export const isOurs = ({ metadata }: V1Secret): boolean => metadata?.labels?.[ownLabel.key] === ownLabel.value;

/** An incomplete pair counts as none. */
export function readContent({ data = {}, metadata = {} }: V1Secret): CertificateContent {
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  const pair = (prefix: string): Pair | undefined => {
    const found = { cert: text(`${prefix}tls.crt`), key: text(`${prefix}tls.key`) };
    return found.cert === '' || found.key === '' ? undefined : found;
  };
  const next = pair('next-');
  const { annotations = {} } = metadata;
  const published = Date.parse(annotations[publishedAt] ?? '');
  return {
    current: pair(''),
    trusted: text('ca.crt'),
    next: next && { ...next, ca: text('next-ca.crt') },
    publishedAt: Number.isNaN(published) ? undefined : published,
    isRotationWanted: annotations[rotate] !== undefined,
  };
}

/** A JSON merge patch of the program's own fields in the Secret; null removes a field. */
export function contentPatch(content: CertificateContent) {
  const { current, trusted, next } = content;
  const base64 = (text: string | undefined): string | null =>
    text === undefined || text === '' ? null : Buffer.from(text).toString('base64');
  return {
    data: {
      'tls.crt': base64(current?.cert),
      'tls.key': base64(current?.key),
      'ca.crt': base64(trusted),
      'next-tls.crt': base64(next?.cert),
      'next-tls.key': base64(next?.key),
      'next-ca.crt': base64(next?.ca),
    },
    annotations: {
      // For human readers; the program reads the data.
      [phase]: phaseOf(content),
      [publishedAt]: content.publishedAt === undefined ? null : new Date(content.publishedAt).toISOString(),
      ...(content.isRotationWanted ? {} : { [rotate]: null }),
    },
  };
}

function phaseOf({ next, publishedAt: at }: CertificateContent): string {
  if (next === undefined) return 'current';
  return at === undefined ? 'publishing' : 'waiting';
}

import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import { type FileContent, followFiles } from '../files/index.ts';
import { StartupError } from '../startup-error.ts';
import { readPem } from './pem-file.ts';

/** Who may call. */
export interface ClientOptions {
  /** The authorities of which callers must have a certificate. */
  readonly caFile: string;
  /** The common names that are let in; all when there are none. */
  readonly names: readonly string[];
}

/** Whom callers must have their certificate from. */
export interface ClientAuthority {
  /** One or more authorities in PEM. */
  readonly ca: string;
  close(): void;
}

/**
 * Loads a file of authorities and follows it. New content that is not fit is logged and passed over, so that the old
 * authorities stay.
 *
 * @throws StartupError when there is no fit one to begin with.
 */
export async function openClientAuthority(
  caFile: string,
  options: {
    readonly log: Logger;
    readonly pollMs?: number | undefined;
    readonly onChange: () => void;
  },
): Promise<ClientAuthority> {
  const { log, onChange } = options;
  const first = await readAuthorities(caFile);
  if ('problem' in first) throw new StartupError(`--client-ca ${caFile}: ${first.problem}`);
  const followed = followFiles(first.value, {
    ...options,
    files: { caFile },
    read: () => readAuthorities(caFile),
    isSame: (one, other) => one === other,
    complaint: 'the file of client authorities is not fit; the old ones stay',
    onChange() {
      onChange();
      log.info({ caFile }, 'new connections need a client certificate signed by the new CAs');
    },
  });
  return {
    get ca() {
      return followed.value;
    },
    close: () => followed.close(),
  };
}

async function readAuthorities(file: string): Promise<FileContent<string>> {
  const read = await readPem(file);
  if ('problem' in read) return read;
  const begun = read.text.split('-----BEGIN CERTIFICATE-----').length - 1;
  const whole = read.text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (begun === 0) return { problem: 'it holds no certificate in PEM' };
  if (whole.length !== begun || !whole.every(isCertificate))
    return { problem: 'it holds a certificate that is not one in PEM' };
  return { value: whole.join('\n') };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

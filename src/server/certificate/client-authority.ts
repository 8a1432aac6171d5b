import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import { type FileContent, followFiles } from '../files/index.ts';
import { StartupError } from '../startup-error.ts';
import { readPem } from './pem-file.ts';

/** The permitted callers. */
export interface ClientOptions {
  /** The CAs that must have issued the callers' certificates. */
  readonly caFile: string;
  /** The permitted common names; empty permits all. */
  readonly names: readonly string[];
}

/** The CAs of client certificates. */
export interface ClientAuthority {
  /** One or more CA certificates in PEM. */
  readonly ca: string;
  close(): void;
}

/**
 * Loads a CA file and watches it. Invalid new content is logged and ignored, so the old CAs stay in use.
 * @throws StartupError if the file is invalid at startup.
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
    complaint: 'the client CA file is invalid; the old CAs stay in use',
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
  if (begun === 0) return { problem: 'it contains no certificate in PEM format' };
  if (whole.length !== begun || !whole.every(isCertificate))
    return { problem: 'it contains a certificate that is not in PEM format' };
  return { value: whole.join('\n') };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

import type { Status } from './status.ts';

/** A status as it was written, or why it cannot be read. */
export type WrittenStatus =
  | { readonly status: Status; readonly problem?: undefined }
  | { readonly status?: undefined; readonly problem: string };

/** The type of each field that people are shown. */
const types: Readonly<Record<string, string>> = {
  written: 'text',
  podwright: 'text',
  replicas: 'object or null',
  'policy.hash': 'text',
  'policy.mode': 'text',
  'policy.inForceSince': 'text',
  'policy.problems': 'list',
  'certificate.expires': 'text',
  'certificate.problems': 'list',
  webhooks: 'object',
  scan: 'object or null',
  lastDay: 'object',
  exemptions: 'list',
  omittedExemptions: 'number',
  modes: 'object',
  namespaces: 'list',
  omittedNamespaces: 'number',
};

/** Reads the JSON of a status. */
export function statusIn(text: string): WrittenStatus {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    return { problem: 'its status.json is not JSON' };
  }
  const { version, podwright } = Object(written) as Partial<Record<keyof Status, unknown>>;
  if (version !== 1) {
    const by = typeof podwright === 'string' ? `; Podwright ${podwright} wrote it, so use that version` : '';
    return { problem: `its status.json has version ${JSON.stringify(version ?? null)} instead of 1${by}` };
  }
  const wrong = Object.entries(types).find(([path, type]) => !type.includes(typeOf(valueOf(written, path))));
  if (wrong === undefined) return { status: written as Status };
  return { problem: `its status.json is incomplete: ${wrong[0]} is no ${wrong[1]}` };
}

const valueOf = (written: unknown, path: string): unknown =>
  path.split('.').reduce((value, key) => (Object(value) as Record<string, unknown>)[key], written);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

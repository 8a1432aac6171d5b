import { createHash } from 'node:crypto';
import { script } from '../../page/script.ts';

const scriptHash = createHash('sha256').update(script).digest('base64');

/** The headers of pages: nothing is kept, nothing is loaded, and no script runs but their own. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${scriptHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

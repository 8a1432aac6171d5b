import { remembered } from './remembered.ts';

/** Last words of names that refer to a secret without containing it: `TOKEN_TTL`, `PASSWORD_FILE`. */
const aboutSecrets = wordsPattern(
  [
    'FILE PATH DIR DIRECTORY LOCATION MOUNT NAME USERNAME NAMESPACE REF KEY_ID',
    'TTL EXPIRY EXPIRATION EXPIRES EXPIRE DURATION LIFETIME AGE TIMEOUT INTERVAL',
    'ISSUER AUDIENCE SCOPE CLAIM FIELD HEADER COOKIE PREFIX SUFFIX TYPE KIND MODE',
    'LENGTH SIZE COUNT LIMIT POLICY FORMAT ENCODING ENCODER ENCRYPTION ALGORITHM ALGO ALG METHOD SCHEME STRATEGY',
    'ENABLED DISABLED REQUIRED PERMISSION PROVIDER BACKEND DRIVER STORE ENGINE MANAGER REGION VERSION',
    'PULL_SECRET TLS_SECRET CA_SECRET CERT_SECRET PROXY_PASS',
  ]
    .join(' ')
    .split(' '),
  'end',
);

/**
 * Whether the name of a variable indicates that its value is a secret: some of its words, in sequence, are among these
 * (`API_KEY` is in `stripeApiKey2` and not in `API_KEYBOARD`), unless the last word indicates otherwise. Case, digits
 * and a plural are ignored.
 */
export function secretNames(names: readonly string[]): (name: string) => boolean {
  let isSecret = readers.get(names);
  if (isSecret === undefined) readers.set(names, (isSecret = remembered(readerOf(names))));
  return isSecret;
}

function readerOf(names: readonly string[]): (name: string) => boolean {
  const secret = wordsPattern(names.map(wordsOf), 'anywhere');
  return (name) => {
    const words = wordsOf(name);
    return secret.test(words) && !aboutSecrets.test(words);
  };
}

/** Compiled once per list of names, which a policy keeps. */
const readers = new WeakMap<readonly string[], (name: string) => boolean>();

/** Values that are not secrets. */
const harmless: readonly RegExp[] = [
  /^(?:true|false|yes|no|on|off|enabled?|disabled?|none|null|nil|undefined)?$/i,
  /^[+-]?[\d.,_]+(?:[kKMGT]i?B?|%)?$/,
  /^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d|w))+$/i,
  // paths: absolute, relative and Windows
  /^(?:~|\.{1,2})?\/[\w.@/-]*$/,
  /^(?:file:|[a-z]:[\\/])/i,
  // references for an injector or an entry point
  /^(?:\$\{[^}]*\}|\$[A-Z_][A-Z\d_]*|\{\{.*\}\}|<[^>]*>)$/s,
  /^(?:>>)?(?:vault|bao|arn|secret(?:ref|smanager)?):\S/i,
];

/** Whether the text can be a secret, as opposed to a setting, a path or a reference to another variable. */
export function canBeSecret(value: string): boolean {
  const text = value.trim();
  if (refersToVariable(text)) return false;
  const [, authority] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (authority !== undefined) return authority.includes('@');
  return !harmless.some((pattern) => pattern.test(text));
}

/** `$(NAME)`, which Kubernetes expands; `$$(NAME)` is not expanded. */
const refersToVariable = (text: string): boolean => /(?:^|[^$])(?:\$\$)*\$\([^()]+\)/.test(text);

/** The words of a name in capitals, separated by `_`: `DB_PASSWORD` of `db-password`, `dbPassword` and `DB_PASSWORD_2`. */
function wordsOf(name: string): string {
  const split = /[a-z]/.test(name)
    ? name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    : name;
  return split
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
    .join('_')
    .toUpperCase();
}

function wordsPattern(words: readonly string[], place: 'anywhere' | 'end'): RegExp {
  const all = words.filter((word) => word !== '');
  // matches nothing if there are no words
  return all.length === 0 ? /(?!)/ : new RegExp(`(?:^|_)(?:${all.join('|')})S?${place === 'end' ? '$' : '(?:_|$)'}`);
}

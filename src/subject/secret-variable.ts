import { remembered } from './remembered.ts';

/** Last words of names that refer to a secret without containing it: `TOKEN_TTL`, `PASSWORD_FILE`. */
const aboutSecrets = wordsPattern(
  [
    'FILE PATH DIR DIRECTORY LOCATION MOUNT NAME USERNAME NAMESPACE REF KEY_ID',
    'CMD COMMAND SCRIPT HELPER',
    'TTL EXPIRY EXPIRATION EXPIRES EXPIRE DURATION LIFETIME AGE TIMEOUT INTERVAL',
    'ISSUER AUDIENCE SCOPE CLAIM FIELD HEADER COOKIE PREFIX SUFFIX TYPE KIND MODE FILTER ATTR',
    'LENGTH SIZE COUNT LIMIT POLICY FORMAT ENCODING ENCODER ENCRYPTION ALGORITHM ALGO ALG METHOD SCHEME STRATEGY',
    'ENABLED DISABLED REQUIRED PERMISSION PROVIDER BACKEND DRIVER STORE ENGINE MANAGER REGION VERSION',
    '(?:IMAGE_?)?PULL_?SECRET TLS_?SECRET CA_SECRET CERT_SECRET CERTIFICATE_SECRET EXISTING_SECRET PROXY_PASS PASS_?THROUGH',
    // shared by the members of an etcd cluster to know each other, no credential
    'INITIAL_CLUSTER_TOKEN',
  ]
    .join(' ')
    .split(' '),
  'end',
);

/**
 * Tells whether the name of a variable says that its value is a secret: whether some of its words, in a row, are among
 * these (`API_KEY` is in `stripeApiKey2` and not in `API_KEYBOARD`), unless the last one says otherwise. A name in one
 * word counts by how it ends (`MYSQLROOTPASSWORD`). Case, digits and a plural do not matter.
 */
export function secretNames(names: readonly string[]): (name: string) => boolean {
  let isSecret = readers.get(names);
  if (isSecret === undefined) readers.set(names, (isSecret = remembered(readerOf(names))));
  return isSecret;
}

function readerOf(names: readonly string[]): (name: string) => boolean {
  const words = names.map(wordsOf);
  const secret = wordsPattern(words, 'anywhere');
  const compound = wordsPattern(words.map(compoundEnd), 'end');
  return (name) => {
    const words = wordsOf(name);
    return (secret.test(words) || compound.test(words)) && !aboutSecrets.test(words);
  };
}

/** An example of a compound that ends in this; nothing for a word that many others end in: `COMPASS`. */
const compoundEnd = (words: string): string =>
  words.replaceAll('_', '').length < 5 ? '' : `[A-Z]+${words.replaceAll('_', '_?')}`;

/** Compiled once per list of names: a policy keeps its list. */
const readers = new WeakMap<readonly string[], (name: string) => boolean>();

/** Values that are not secrets. */
const harmless: readonly RegExp[] = [
  /^(?:true|false|yes|no|on|off|enabled?|disabled?|none|null|nil|undefined)?$/i,
  /^[+-]?[\d.,_]+(?:[kKMGT]i?B?|%)?$/,
  /^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d|w))+$/i,
  // paths: absolute, relative and Windows
  /^(?:~|\.{1,2})?\/[\w.@/-]*$/,
  /^(?:file:|[a-z]:[\\/])/i,
  /^[\w.-]+\.(?:json|ya?ml|toml|ini|conf|txt|env|pem|crt|key|p12|jks)$/,
  // references for an injector or an entry point
  /^(?:\$\{[^}]*\}|\$[A-Z_][A-Z\d_]*|\{\{.*\}\}|<[^>]*>)$/s,
  /^(?:>>)?(?:vault|bao|arn|secret(?:ref|smanager)?):\S/i,
  // references to the secret managers of Google Cloud and Azure
  /^projects\/[\w.:-]+\/secrets\/[\w-]+(?:\/versions\/[\w-]+)?$/,
  /^(?:[\w-]+@azurekeyvault(?:\?[\w.-]+)?|@Microsoft\.KeyVault\(.*\))$/,
  // algorithms, alone and with their settings
  /^(?:(?:hs|rs|es|ps)(?:256|384|512)|eddsa|md5|bcrypt|argon2(?:id?|d)?|(?:scram-)?sha-?(?:1|256|384|512)(?:-plus)?|aes-?(?:128|192|256)(?:-\w{3})?)$/i,
  /^jwt(?:,[\w-]+=[^,\s]+)+$/,
  // names of Secrets with certificates, which are longer than any name
  /^[a-z\d]+(?:-[a-z\d]+)*-(?:ca|cert|certs|certificates?|tls)$/,
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

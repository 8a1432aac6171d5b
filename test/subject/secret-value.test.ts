import fc from 'fast-check';
import { expect, it } from 'vitest';
import { secretIn } from '../../src/subject/secret-value.ts';

const caseless = (pattern: RegExp) => fc.mixedCase(fc.stringMatching(pattern));

const secrets: readonly (readonly [what: string, texts: fc.Arbitrary<string>])[] = [
  ['a private key', fc.stringMatching(/^-----BEGIN ([A-Z\d]{1,20} ){0,3}PRIVATE KEY$/)],
  ['an AWS access key', fc.stringMatching(/^A[KS]IAQ[A-Z\d]{14}7$/)],
  ['a GitHub token', fc.stringMatching(/^(gh[pousr]_a[A-Za-z\d]{28}7|github_pat_a\w{20}7)$/)],
  ['a GitLab token', fc.stringMatching(/^glpat-a[\w-]{18}7$/)],
  ['a Slack token', fc.stringMatching(/^xox[abprs]-a[\w-]{8}7$/)],
  ['a JSON Web Token', fc.stringMatching(/^eyJ[\w-]{8}\.eyJ[\w-]{8}\.a[\w-]{6}7$/)],
  [
    'a bearer token',
    fc.tuple(caseless(/^bearer( |%20)$/), fc.stringMatching(/^a[\w.~+/=-]{6}7$/)).map((parts) => parts.join('')),
  ],
  ['a URL with a password', fc.stringMatching(/^:\/\/[^\s/?#@:'"]{0,9}:a[^\s/@'"${}<>%]{0,9}7@$/)],
  ['a data source with a password', fc.stringMatching(/^[a-z]{1,9}:a[^\s/@'"${}<>%]{0,9}7@(tcp|unix|udp)\($/)],
  [
    'a connection string with a password',
    fc
      .tuple(
        caseless(/^(host|server|data source|addr|user id|uid|dbname|initial catalog|accountname|endpoint)\s?=x;$/),
        caseless(/^(password|pwd|accountkey|sharedaccesskey)\s?=\s?$/),
        fc.stringMatching(/^(a[\w-]{0,9}7|'a[\w ]{0,9}7')$/),
      )
      .map((parts) => parts.join('')),
  ],
];

it.each(secrets)('finds %s, however it is written', (what, texts) => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(secretIn('SETTING', text)).toBe(what);
    }),
  );
});

it.each(['', 'info', 'monkey business', 'https://example.com/?limit=7&order=asc', 'a@b', 'key=7'])(
  'finds nothing in %j',
  (value) => {
    expect(secretIn('SETTING', value)).toBeUndefined();
  },
);

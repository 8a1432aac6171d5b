import { describe, expect, test } from 'vitest';
import { canBeSecret, secretNames } from '../../src/subject/secret-variable.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

describe('names', () => {
  const isSecret = secretNames(['PASSWORD', 'TOKEN', 'SECRET', 'API_KEY', 'PASS']);

  test.each([
    ...'PASSWORD DB_PASSWORD db-password dbPassword DB_PASSWORD_RO PASSWORD2 DB.PASSWORD PASSWORDS OAUTH2_TOKEN'.split(
      ' ',
    ),
    ...'STRIPE_API_KEY stripeApiKey APIKeyTOKEN myAPIKey SECRET_KEY_BASE SMTP_PASS TOKEN_ID'.split(' '),
  ])('%s says so', (name) => {
    expect(isSecret(name)).toBe(true);
  });

  test.each([
    ...'TOKENIZER_MODEL PASSWORDLESS BYPASS COMPASS API KEY API_KEYBOARD KEY_API APIKEY MONKEY SECRETARY'.split(' '),
    ...'PASSWORD_FILE TOKEN_TTL SECRET_NAME TOKEN_ISSUER PASSWORD_LENGTH TOKEN_ENABLED TOKEN_HEADER'.split(' '),
    ...'TOKEN_ALGORITHM SECRET_PATH TOKEN_EXPIRY passwordFile2 SECRETS_BACKEND IMAGE_PULL_SECRET TOKEN_SCOPES'.split(
      ' ',
    ),
    '',
    '_',
    '42',
    '密码',
  ])('%j does not', (name) => {
    expect(isSecret(name)).toBe(false);
  });

  test('no words, no names', () => {
    expect(['', 'PASSWORD', 'S', 'A_S_B'].map(secretNames([]))).toEqual([false, false, false, false]);
    expect(secretNames(['12', '.*'])('PASSWORD')).toBe(false);
  });

  test('words are given in any case', () => {
    expect(secretNames(['license-key'])('APP_LICENSE_KEY')).toBe(true);
  });
});

describe('values', () => {
  test.each([
    'swordfish',
    'changeme',
    'a b',
    '0xdeadbeef',
    '12ab34',
    'c2VjcmV0Cg==',
    'ghp_16C7e42F292c6912E7',
    '$ecret',
    '$$(PASSWORD)',
    'postgres://app:swordfish@db/app',
    'https://token@git.example',
    'a$(',
    '$()',
    'x/y',
    'p@ss:word',
    'projects/p/secrets',
    'secret@azure',
  ])('%j can be a secret', (value) => {
    expect(canBeSecret(value)).toBe(true);
  });

  test.each([
    '',
    ' ',
    'true',
    'False',
    'YES',
    'off',
    'none',
    'disabled',
    '42',
    '-1',
    '1.5',
    '3600s',
    '1h30m',
    '4k',
    '10%',
    '$(PASSWORD)',
    'Bearer $(TOKEN)',
    'postgres://app:$(PASSWORD)@db/app',
    '$$$(PASSWORD)',
    '${PASSWORD}',
    '$PASSWORD',
    '/run/secrets/token',
    './token',
    '../token',
    '~/.token',
    'C:\\token',
    'file:/run/token',
    '/',
    'https://auth.example/token',
    'redis://cache:6379/0',
    'op://vault/item/field',
    'vault:secret/data/db#password',
    'arn:aws:secretsmanager:eu-west-1:1:secret:db',
    'projects/p/secrets/s/versions/latest',
    'projects/example.com:p/secrets/s',
    'db-password@azurekeyvault',
    'db@azurekeyvault?value',
    '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)',
    '{{ password }}',
    '<password>',
  ])('%j cannot', (value) => {
    expect(canBeSecret(value)).toBe(false);
  });

  test('hostile ones are read in linear time', () => {
    const seconds = cpuSecondsOf(() => {
      for (const piece of ['1', '1s', '$', '$(', '$(a', '{{', '<', 'a:', '/.', 'a+', '~', '@', '.1'])
        canBeSecret(`${piece.repeat(200_000)}\u0000`);
    });
    expect(seconds).toBeLessThan(5);
  });
});

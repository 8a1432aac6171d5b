import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { secretIn } from '../subject/secret-value.ts';
import { canBeSecret, secretNames } from '../subject/secret-variable.ts';

const words = 'PASSWORD PASSWD PASSPHRASE PASS PWD PGPASSWORD SECRET TOKEN CREDENTIAL BEARER'.split(' ');
const keys =
  'API_KEY APIKEY ACCESS_KEY PRIVATE_KEY ENCRYPTION_KEY SIGNING_KEY MASTER_KEY SECRETKEY ENCRYPTIONKEY'.split(' ');
const keysOfProducts = 'ACCOUNT_KEY AZURE_STORAGE_KEY AZURE_BATCH_KEY KEY_CONTENT'.split(' ');

export const noSecretsInEnv = defineRule({
  id: 'no-secrets-in-env',
  group: 'hardening',
  category: 'security',
  severity: 'high',
  mode: 'warn',
  docs: {
    summary: 'Environment variables must not hold a secret as a literal value.',
    why: 'Anyone who can read the Pods or the manifest repository can read the value, and it stays in the history of both. A Secret has its own RBAC, can be encrypted at rest, and changes without a new manifest.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  env:
  - name: DB_PASSWORD
    value: swordfish`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  env:
  - name: DB_PASSWORD
    valueFrom:
      secretKeyRef:
        name: db
        key: password`,
    source:
      'Kubernetes, Good Practices for Kubernetes Secrets, https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    departs:
      'A secret is recognized by its form, under any name of the variable: a private key, a token of AWS, GitHub, GitLab or Slack, a JSON Web Token, a bearer token, and a password in a URL or a connection string. All others are recognized by the name of the variable. Names are split into words, and a name whose last word only describes a secret (`PASSWORD_FILE`, `PASSWORD_CMD`, `TOKEN_TTL`) does not count. Settings do not count either: an empty value, a boolean, a number, a duration, a path, the name of an algorithm, a URL without a user, a reference to another variable or to a value that an injector fetches. A password such as `changeme` counts, because the program accepts it. The value is never shown.',
  },
  options: {
    names: {
      type: 'array',
      items: { type: 'string', pattern: '[A-Za-z]' },
      default: [...words, ...keys, ...keysOfProducts],
      description: 'Words, or sequences of words, that mark the name of a variable as secret.',
    },
    values: {
      type: 'boolean',
      default: true,
      description: 'Also report values that are secrets by their form, under any name of the variable.',
    },
  },
  *check(pod, { names, values }) {
    const isSecret = secretNames(names);
    for (const container of pod.containers)
      for (const [index, { name = '', value }] of (container.spec.env ?? []).entries()) {
        if (value === undefined) continue;
        const certain = values ? secretIn(name, value) : undefined;
        if (certain === undefined && !(isSecret(name) && canBeSecret(value))) continue;
        const message = `env ${quoted(name)} is ${certain ?? 'a literal value'}; use valueFrom.secretKeyRef`;
        yield { path: container.at('env', index, 'value'), container: container.name, message };
      }
  },
});

import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { canBeSecret, secretNames } from '../subject/secret-variable.ts';

const values = 'PASSWORD PASSWD PASSPHRASE PASS PWD PGPASSWORD SECRET TOKEN CREDENTIAL'.split(' ');
const keys = 'API_KEY APIKEY ACCESS_KEY PRIVATE_KEY ENCRYPTION_KEY SIGNING_KEY MASTER_KEY'.split(' ');
const maxNameLength = 40;

export const noSecretsInEnv = defineRule({
  id: 'no-secrets-in-env',
  group: 'hardening',
  category: 'security',
  severity: 'high',
  mode: 'warn',
  docs: {
    summary: 'Environment variables with a secret-looking name must not have a literal value.',
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
      'Names are split into words, and a name whose last word only describes a secret (`PASSWORD_FILE`, `TOKEN_TTL`) does not count. Settings do not count either: an empty value, a boolean, a number, a duration, a path, a URL without a user, a reference to another variable or to what an injector fetches. The value is never shown.',
  },
  options: {
    names: {
      type: 'array',
      items: { type: 'string', pattern: '[A-Za-z]' },
      default: [...values, ...keys],
      description: 'Words, or sequences of words, that mark the name of a variable as secret.',
    },
  },
  *check(pod, { names }) {
    const isSecret = secretNames(names);
    for (const container of pod.containers)
      for (const [index, { name = '', value }] of (container.spec.env ?? []).entries()) {
        if (value === undefined || !isSecret(name) || !canBeSecret(value)) continue;
        const message = `env ${quoted(name, maxNameLength)} is a literal value; use valueFrom.secretKeyRef`;
        yield { path: container.at('env', index, 'value'), container: container.name, message };
      }
  },
});

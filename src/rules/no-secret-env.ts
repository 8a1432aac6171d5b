import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';

export const noSecretEnv = defineRule({
  id: 'no-secret-env',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Secrets must be mounted as files, not passed as environment variables.',
    why: 'Every child process inherits the environment, crash reports and debug pages print it, and a new value needs a restart. A file can have permissions, and the kubelet updates it.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  env:
  - name: DB_PASSWORD
    valueFrom:
      secretKeyRef:
        name: db
        key: password`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  volumeMounts:
  - name: db
    mountPath: /etc/db
    readOnly: true
volumes:
- name: db
  secret:
    secretName: db`,
    source:
      'Kubernetes, Good Practices for Kubernetes Secrets, https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    departs:
      'Off in every preset: Kubernetes recommends neither way, and many programs read secrets from variables only. `no-secrets-in-env` is about secrets that are in the manifest itself.',
  },
  options: {},
  *check(pod) {
    for (const { name: container, spec, at } of pod.containers) {
      for (const [index, { name = '', valueFrom }] of (spec.env ?? []).entries()) {
        const { name: secret = '', key } = valueFrom?.secretKeyRef ?? {};
        if (key === undefined) continue;
        const path = at('env', index, 'valueFrom', 'secretKeyRef');
        const message = `env ${quoted(name)} is a key of Secret ${quoted(secret)}; mount it as a file`;
        yield { path, container, message, fault: `${secret} ${key}` };
      }
      for (const [index, { secretRef }] of (spec.envFrom ?? []).entries()) {
        if (secretRef === undefined) continue;
        const message = `envFrom takes all of Secret ${quoted(secretRef.name ?? '')}; mount it as files`;
        yield { path: at('envFrom', index, 'secretRef'), container, message, fault: secretRef.name ?? '' };
      }
    }
  },
});

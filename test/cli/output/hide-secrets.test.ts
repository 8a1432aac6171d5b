import { expect, test } from 'vitest';
import { hideSecrets } from '../../../src/cli/output/hide-secrets.ts';

test('values of environment variables are hidden, and so are objects that tools keep in annotations', () => {
  const applied = JSON.stringify({ spec: { containers: [{ env: [{ name: 'TOKEN', value: 'hunter2' }] }] } });
  const secretKeyRef = { name: 'shop', key: 'token' };
  expect(
    hideSecrets({
      metadata: {
        annotations: {
          'kapp.k14s.io/original': applied,
          'kubectl.kubernetes.io/last-applied-configuration': `${applied}\n`,
          team: 'shop',
        },
      },
      spec: {
        containers: [
          {
            args: ['{}'],
            env: [{ name: 'TOKEN', value: 'hunter2' }, { name: 'EMPTY' }, { name: 'REF', valueFrom: { secretKeyRef } }],
          },
        ],
      },
    }),
  ).toEqual({
    metadata: { annotations: { team: 'shop' } },
    spec: {
      containers: [
        {
          args: ['{}'],
          env: [{ name: 'TOKEN', value: '***' }, { name: 'EMPTY' }, { name: 'REF', valueFrom: { secretKeyRef } }],
        },
      ],
    },
  });
});

import { expect, test } from 'vitest';
import { recommendationText } from '../../src/cli/output/recommendation-text.ts';

test('no name reaches the terminal with control characters', () => {
  const text = recommendationText({
    workloads: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'sh\u001b[31mop',
        name: 'we\u202eb',
        pods: 1,
        containers: [
          {
            name: 'a\npp',
            list: 'containers',
            requests: { cpu: '1\u0007' },
            limits: {},
            usage: undefined,
            oomKilledPods: 0,
            unproposed: 'unseen',
          },
        ],
      },
    ],
    source: 'metrics.k8s.io, one reading',
    percentiles: { cpu: 95, memory: 100 },
    headroom: 20,
    minimumSeconds: 60,
  });
  expect(text.split('\n')[1]).toBe(
    'Pod sh [31mop/we b  a pp       1    none    none          nothing proposed: no usage was seen',
  );
});

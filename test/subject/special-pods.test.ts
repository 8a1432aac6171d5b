import { expect, test } from 'vitest';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { claimsToBeMirror, isForNodeDebugging } from '../../src/subject/special-pods.ts';

test('by label and annotation', () => {
  const debug = subjectOf({ pod: { metadata: { labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } } } });
  const mirror = subjectOf({ pod: { metadata: { annotations: { 'kubernetes.io/config.mirror': '' } } } });
  const other = subjectOf({ pod: { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } } });
  expect([debug, mirror, other].map(isForNodeDebugging)).toEqual([true, false, false]);
  expect([debug, mirror, other].map(claimsToBeMirror)).toEqual([false, true, false]);
});

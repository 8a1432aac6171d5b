import { defineRule } from '../engine/rule.ts';
import { jobOf } from '../subject/workload-spec.ts';

export const limitJobRetries = defineRule({
  id: 'limit-job-retries',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  since: 2,
  strictMode: 'audit',
  docs: {
    summary: 'Jobs must give up after a limited number of retries.',
    why: 'A Job that always fails repeats its work and its side effects until the limit: mails, half-done imports, calls to other systems. The pause between retries grows to six minutes, so a high limit also hides the failure for hours.',
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
  backoffLimit: 1000
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: import
        image: registry.example/import:1.0`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: import
        image: registry.example/import:1.0`,
    source:
      'Kubernetes, Jobs: Pod backoff failure policy, https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy',
    departs:
      'The default of Kubernetes, 6, passes. A Job with `backoffLimitPerIndex` and no `backoffLimit` is limited for each index.',
  },
  options: {
    max: { type: 'integer', minimum: 0, default: 10, description: 'The largest `backoffLimit` of a Job.' },
  },
  notApplicable: (pod) => (jobOf(pod) === undefined ? 'it is no Job' : undefined),
  *check(pod, { max }) {
    const job = jobOf(pod);
    if (job?.backoffLimit === undefined || job.backoffLimit <= max) return;
    const message = `a Job that fails is retried ${job.backoffLimit} times; set backoffLimit to ${max} or less`;
    yield { path: job.at('backoffLimit'), message, fault: job.backoffLimit };
  },
});

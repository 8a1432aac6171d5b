import { defineRule } from '../engine/rule.ts';
import { jobOf } from '../subject/workload-spec.ts';

export const requireJobDeadline = defineRule({
  id: 'require-job-deadline',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  since: 2,
  strictMode: 'audit',
  docs: {
    summary: 'Jobs must have a deadline.',
    why: 'A Job that waits for a lock or a server that never answers runs forever. Its Pod keeps its requests from other Pods, a CronJob with `concurrencyPolicy: Forbid` never starts again, and no alert for failed Jobs fires. `activeDeadlineSeconds` ends the Job and marks it as failed. Set it to several times the usual duration.',
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
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
  activeDeadlineSeconds: 3600
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: import
        image: registry.example/import:1.0`,
    source:
      'Kubernetes, Jobs: Job termination and cleanup, https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup',
    departs:
      'A deadline in the Pod template counts as well, although it applies to each Pod on its own and the Job retries after it. Jobs of other groups and kinds that create Jobs are not checked.',
  },
  options: {},
  notApplicable: (pod) => (jobOf(pod) === undefined ? 'it is no Job' : undefined),
  *check(pod) {
    const job = jobOf(pod);
    if (job === undefined || (job.activeDeadlineSeconds ?? pod.spec.activeDeadlineSeconds) !== undefined) return;
    const message = 'a Job that hangs runs forever; set activeDeadlineSeconds';
    yield { path: job.at('activeDeadlineSeconds'), message };
  },
});

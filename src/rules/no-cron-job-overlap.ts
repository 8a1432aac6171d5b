import { defineRule } from '../engine/rule.ts';
import { inWorkload } from '../subject/pod-location.ts';
import { cronJobOf, jobOf } from '../subject/workload-spec.ts';

export const noCronJobOverlap = defineRule({
  id: 'no-cron-job-overlap',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  since: 2,
  strictMode: 'audit',
  docs: {
    summary: 'The runs of a CronJob must not pile up, and must not start late without a limit.',
    why: 'By default a CronJob starts its next Job although the last one still runs. If runs hang or take longer than the interval, there are more of them each time, until they have used up the quota, the connections of a database or the cluster. With `startingDeadlineSeconds` a run that is overdue, because the CronJob was suspended or the control plane was down, is skipped instead of started at any time of the day.',
    bad: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: report
            image: registry.example/report:1.0`,
    good: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "*/5 * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: report
            image: registry.example/report:1.0`,
    source:
      'Kubernetes, CronJob: Concurrency policy, https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy; Kubernetes, CronJob: Deadline for delayed Job start, https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline',
    departs:
      '`Allow` passes if the Jobs have `activeDeadlineSeconds`, because then only a limited number of them overlap. `startingDeadlineSeconds` is only required if the option is set, but a value below 10 is always reported: the controller looks every ten seconds and may miss the time.',
  },
  options: {
    requireStartingDeadline: {
      type: 'boolean',
      default: false,
      description: 'Require `startingDeadlineSeconds`.',
    },
  },
  notApplicable: (pod) => (cronJobOf(pod) === undefined ? 'it is no CronJob' : undefined),
  *check(pod, { requireStartingDeadline }) {
    const cronJob = cronJobOf(pod);
    if (cronJob === undefined) return;
    const { concurrencyPolicy, startingDeadlineSeconds } = cronJob;
    const deadline = jobOf(pod)?.activeDeadlineSeconds ?? pod.spec.activeDeadlineSeconds;
    if (concurrencyPolicy === 'Allow' && deadline === undefined) {
      const message = 'runs that hang pile up; set concurrencyPolicy: Forbid or activeDeadlineSeconds';
      yield { path: inWorkload('concurrencyPolicy'), message };
    }
    const path = inWorkload('startingDeadlineSeconds');
    if (startingDeadlineSeconds === undefined) {
      if (requireStartingDeadline)
        yield { path, message: 'an overdue run starts at any later time; set startingDeadlineSeconds' };
    } else if (startingDeadlineSeconds < 10) {
      const message = `startingDeadlineSeconds ${startingDeadlineSeconds} can skip runs; set at least 10`;
      yield { path, message, fault: -startingDeadlineSeconds };
    }
  },
});

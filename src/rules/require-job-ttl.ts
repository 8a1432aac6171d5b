import { defineRule } from '../engine/rule.ts';
import { jobOf } from '../subject/workload-spec.ts';

export const requireJobTtl = defineRule({
  id: 'require-job-ttl',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'info',
  mode: 'audit',
  since: 2,
  strictMode: 'audit',
  docs: {
    summary: 'Finished Jobs must be deleted after a time.',
    why: 'A finished Job and its Pods stay in the cluster until someone deletes them. They fill etcd and lists, slow down controllers and count in quotas for objects. `ttlSecondsAfterFinished` deletes them after a time that is long enough to read their logs.',
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
  ttlSecondsAfterFinished: 86400
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: import
        image: registry.example/import:1.0`,
    source:
      'Kubernetes, Automatic Cleanup for Finished Jobs, https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/',
    departs:
      'Jobs of a CronJob are not checked, because its history limits delete them, nor are hooks of Helm and Argo CD, which have deletion policies of their own. A GitOps tool recreates a deleted Job, and so runs it again: give such a Job no `ttlSecondsAfterFinished`, and exempt it from this rule.',
  },
  options: {},
  notApplicable(pod) {
    const job = jobOf(pod);
    if (job === undefined) return 'it is no Job';
    if (pod.owner?.kind === 'CronJob') return 'the history limits of the CronJob delete its Jobs';
    return job.isHook ? 'the tool that creates the hook deletes it' : undefined;
  },
  *check(pod) {
    const job = jobOf(pod);
    if (job === undefined || job.ttlSecondsAfterFinished !== undefined) return;
    const message = 'the Job and its Pods stay after it has finished; set ttlSecondsAfterFinished';
    yield { path: job.at('ttlSecondsAfterFinished'), message };
  },
});

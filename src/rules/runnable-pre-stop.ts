import { defineRule } from '../engine/rule.ts';
import { hookFaultOf, shellLessImages } from './knowledge/runnable-hook.ts';

export const runnablePreStop = defineRule({
  id: 'runnable-pre-stop',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'A preStop hook must be able to run.',
    why: 'A failing hook only produces an event. The kubelet sends SIGTERM at once, and the drain does not happen. Three kinds of hooks always fail: `tcpSocket`, which the kubelet does not implement, a shell or `sleep` that the image does not contain, and a whole command in one word (`[sleep 20]`), because no shell splits it.',
    bad: `containers:
- name: app
  image: gcr.io/distroless/static:nonroot
  lifecycle:
    preStop:
      exec:
        command: [sleep, "10"]`,
    good: `containers:
- name: app
  image: gcr.io/distroless/static:nonroot
  lifecycle:
    preStop:
      sleep:
        seconds: 10`,
    source:
      'Kubernetes, Container Lifecycle Hooks, https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
  },
  options: {
    shellLessImages: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: shellLessImages,
      description:
        'Images without a shell (globs for full names such as `docker.io/library/nginx`, compared with the tag if the glob has one). Tags that contain `debug` are assumed to have one.',
    },
  },
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => spec.lifecycle?.preStop !== undefined)
      ? undefined
      : 'no container has a preStop hook',
  *check(pod, _options, context) {
    for (const container of pod.running) {
      const fault = hookFaultOf(container, context);
      if (fault === undefined) continue;
      const path = container.at('lifecycle', 'preStop', ...fault.fields);
      yield { path, container: container.name, message: fault.problem };
    }
  },
});

import { matchesImage } from '../engine/image-glob.ts';
import { defineRule } from '../engine/rule.ts';
import { isShell, programName } from '../subject/exec-command.ts';
import { parseImage } from '../subject/image.ts';

export const runnablePreStop = defineRule({
  id: 'runnable-pre-stop',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'A preStop hook must be able to run.',
    why: 'A failing hook only produces an event. The kubelet sends SIGTERM at once, and the drain does not happen. Two kinds of hooks always fail: `tcpSocket`, which the kubelet does not implement, and a shell or `sleep` that the image does not contain.',
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
      default: ['*distroless*', '*:*distroless*', 'registry.k8s.io/pause', 'registry.k8s.io/coredns/coredns'],
      description:
        'Images without a shell (globs for full names such as `docker.io/library/nginx`, compared with the tag if the glob has one). Tags that contain `debug` are assumed to have one.',
    },
  },
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => spec.lifecycle?.preStop !== undefined)
      ? undefined
      : 'no container has a preStop hook',
  *check(pod, { shellLessImages }, { factsOf }) {
    const hasShell = (image: string): boolean => factsOf(image).shell ?? !lacksShell(image, shellLessImages);
    for (const { name, spec, at } of pod.running) {
      const hook = spec.lifecycle?.preStop;
      if (hook?.tcpSocket !== undefined) {
        const message = 'preStop.tcpSocket never runs, the kubelet has no such hook; use sleep, exec or httpGet';
        yield { path: at('lifecycle', 'preStop', 'tcpSocket'), container: name, message };
      }
      const program = programName(hook?.exec?.command?.[0] ?? '');
      if ((program !== 'sleep' && !isShell(program)) || hasShell(spec.image ?? '')) continue;
      const message = `preStop runs ${program}, which an image without a shell does not have; use preStop.sleep`;
      yield { path: at('lifecycle', 'preStop', 'exec', 'command'), container: name, message };
    }
  },
});

function lacksShell(reference: string, patterns: readonly string[]): boolean {
  const image = parseImage(reference);
  if (image === undefined || image.tag?.includes('debug')) return false;
  return patterns.some((pattern) => matchesImage(pattern, image));
}

import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { actionsOf, type HandlerView } from '../subject/actions.ts';
import { resolvedPort } from '../subject/container-ports.ts';
import type { ContainerView } from '../subject/container-view.ts';

export const declaredProbePorts = defineRule({
  id: 'declared-probe-ports',
  group: 'probes',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'A named port in a probe or hook must be declared by the same container.',
    why: 'The API server accepts any name. The kubelet looks it up in the ports of the container, does not find it, and the probe always fails: the Pod never becomes ready or restarts forever.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - name: web
    containerPort: 8080
  readinessProbe:
    httpGet:
      path: /ready
      port: http`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - name: http
    containerPort: 8080
  readinessProbe:
    httpGet:
      path: /ready
      port: http`,
    source:
      'Kubernetes, Configure Liveness, Readiness and Startup Probes, https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  },
  options: {
    numbers: {
      type: 'boolean',
      default: false,
      description: 'Also require this for port numbers, which work without being declared.',
    },
  },
  notApplicable: (pod) =>
    pod.running.some((container) => actionsOf(container).length > 0) ? undefined : 'no container has a probe or hook',
  *check(pod, { numbers }) {
    for (const container of pod.running)
      for (const handler of actionsOf(container)) {
        const used = portOf(handler);
        if (used === undefined) continue;
        const number = resolvedPort(container.spec, used.port);
        if (number !== undefined && (!numbers || declares(container, number))) continue;
        const port = number ?? quoted(String(used.port));
        const message = `${handler.field}.${used.action}.port ${port} is no port of this container; declare it under ports`;
        yield { path: handler.at(used.action, 'port'), container: container.name, message };
      }
  },
});

const declares = ({ spec }: ContainerView, port: number): boolean | undefined =>
  spec.ports?.some(({ containerPort }) => containerPort === port);

/** The port that the kubelet connects to. The kubelet does not implement `tcpSocket` for hooks. */
function portOf({ field, handler }: HandlerView) {
  const { httpGet, tcpSocket } = handler;
  if (httpGet?.port !== undefined) return { action: 'httpGet', port: httpGet.port };
  if (tcpSocket?.port !== undefined && !field.startsWith('lifecycle'))
    return { action: 'tcpSocket', port: tcpSocket.port };
  if ('grpc' in handler && handler.grpc?.port !== undefined) return { action: 'grpc', port: handler.grpc.port };
  return undefined;
}

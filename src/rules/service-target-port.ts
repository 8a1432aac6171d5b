import type { ServicePort } from '../engine/neighbors.ts';
import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { webPod, webService } from './knowledge/example-manifests.ts';
import { declaredPort, isWithoutTraffic } from './knowledge/traffic.ts';

export const serviceTargetPort = defineRule({
  id: 'service-target-port',
  group: 'shape',
  category: 'reliability',
  severity: 'high',
  mode: 'audit',
  since: 2,
  needsNeighbors: true,
  reads: ['Service'],
  docs: {
    summary: 'The ports that Services send traffic to must be ports of the Pod.',
    why: 'A Service finds its Pods by labels and their port by `targetPort`. If no container declares a port of that name, the Service has no endpoint there and clients get no connection, although every Pod is ready. A number is not checked by Kubernetes at all: traffic goes to a port where nothing listens.',
    bad: `${webService}
---
${webPod({
  container: `ports:
- name: web
  containerPort: 8080`,
})}`,
    good: `${webService}
---
${webPod({
  container: `ports:
- name: http
  containerPort: 8080`,
})}`,
    source:
      'Kubernetes, Service, https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports; Kubernetes, Debug Services, https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
    departs:
      'The rule checks Pods against the Services of their namespace, among the manifests or in the cluster that is scanned; admission does not know them. Containers may listen on ports that they do not declare. A number is therefore only reported where the Pod declares other ports, not just one for metrics, and not for a headless Service, whose clients choose the port themselves.',
  },
  options: {},
  notApplicable(pod, _options, { neighbors }) {
    const services = neighbors?.servicesOf(pod);
    if (services === undefined) return 'no Services are known here';
    return services.length === 0 ? 'no Service of those evaluated with it selects the Pod' : undefined;
  },
  *check(pod, _options, { neighbors }) {
    for (const { name, isHeadless, ports } of neighbors?.servicesOf(pod) ?? []) {
      const checked = ports.filter(({ target }) => !isHeadless || typeof target === 'string');
      // several ports of a Service may lead to one of the Pod
      for (const problem of new Set(checked.flatMap((port) => problemOf(pod, port) ?? [])))
        yield { path: pod.at('containers'), message: `Service ${quoted(name)} sends to ${problem}`, fault: name };
    }
  },
});

function problemOf(pod: PodSubject, port: ServicePort): string | undefined {
  if (pod.running.some((container) => declaredPort(container, port) !== undefined)) return undefined;
  if (typeof port.target === 'string') {
    const [namesake] = pod.running.flatMap(({ spec }) => spec.ports?.filter(({ name }) => name === port.target) ?? []);
    if (namesake !== undefined) {
      const { protocol = 'TCP' } = namesake;
      return `port ${quoted(port.target)} by ${port.protocol}, but it is declared for ${protocol}; correct one of them`;
    }
    const remedy = /^\d+$/.test(port.target) ? 'write the number without quotes' : "give a container's port this name";
    return `port ${quoted(port.target)}; ${remedy}`;
  }
  const ports = pod.running
    .flatMap(({ spec }) => spec.ports ?? [])
    .filter(({ protocol = 'TCP' }) => protocol === port.protocol);
  // a gateway that declares its port for metrics says nothing about the others
  if (!isWithoutTraffic(port.name) && ports.every(({ name }) => isWithoutTraffic(name))) return undefined;
  const [declared, ...others] = ports;
  if (declared === undefined) return undefined;
  const listed = others.length === 0 ? `only ${declared.containerPort} is` : `${others.length + 1} others are`;
  return `${port.target}, but ${listed} declared; correct targetPort`;
}

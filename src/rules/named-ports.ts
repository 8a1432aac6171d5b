import { defineRule } from '../engine/rule.ts';

export const namedPorts = defineRule({
  id: 'named-ports',
  group: 'shape',
  category: 'reliability',
  severity: 'info',
  mode: 'audit',
  docs: {
    summary: 'Declared ports must have names.',
    why: 'A Service, probe or NetworkPolicy that refers to a port by its name keeps working when the number changes. A number is repeated in many places, and one of them gets forgotten.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - name: http
    containerPort: 8080`,
    source:
      'Kubernetes, Service: port definitions, https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  },
  options: {},
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => (spec.ports ?? []).length > 0) ? undefined : 'no container declares a port',
  *check(pod) {
    for (const container of pod.running)
      for (const [index, { name, containerPort }] of (container.spec.ports ?? []).entries()) {
        if (name || !containerPort) continue;
        const message = `port ${containerPort} has no name; name it after its use, like http or metrics`;
        const path = container.at('ports', index, 'name');
        yield { path, container: container.name, message, fault: String(containerPort) };
      }
  },
});

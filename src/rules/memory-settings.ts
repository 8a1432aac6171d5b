import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding } from '../engine/rule.ts';
import { type MemorySetting, memorySettingsOf } from '../subject/memory-setting.ts';
import { isPositive, parseQuantity } from '../subject/quantity.ts';

export const memorySettings = defineRule({
  id: 'memory-settings',
  group: 'resources',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  strictMode: 'warn',
  since: 2,
  docs: {
    summary: 'The heap that a runtime is given must fit the memory limit of its container.',
    why: 'A JVM with `-Xmx4g` in a container with 2Gi sees no reason to collect garbage before the kernel kills it. The Pod runs until the load rises, and then restarts with exit code 137 again and again.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  env:
  - name: JAVA_TOOL_OPTIONS
    value: -Xmx4g
  resources:
    limits:
      memory: 2Gi`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  env:
  - name: JAVA_TOOL_OPTIONS
    value: -XX:MaxRAMPercentage=75
  resources:
    limits:
      memory: 2Gi`,
    source:
      'Kubernetes, Resource Management for Pods and Containers, https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    departs:
      'The rule reads `-Xmx` and `-XX:MaxHeapSize` of the JVM and `--max-old-space-size` of Node.js, in the command and in variables for their options, and `GOMEMLIMIT`. Options that others override, or that nothing reads, do not count: `JAVA_TOOL_OPTIONS` beside `-Xmx` in the command, `JAVA_OPTS` beside a `java` that does not get it, and arguments after the jar. A heap must be below the limit, because threads, code and buffers come on top; `GOMEMLIMIT` covers all memory of a Go program and may equal it. A `GOMEMLIMIT` that Go does not understand (`1Gi` instead of `1GiB`) is reported because the program does not start.',
  },
  options: {},
  *check(pod) {
    const ofPod = pod.spec.resources?.limits?.['memory'];
    for (const container of pod.containers) {
      const limit = container.spec.resources?.limits?.['memory'] ?? ofPod;
      for (const setting of memorySettingsOf(container)) {
        const problem = problemOf(setting, limit);
        if (problem !== undefined) yield { path: setting.path, container: container.name, ...problem };
      }
    }
  },
});

function problemOf(setting: MemorySetting, limit: string | undefined): Pick<Finding, 'message' | 'fault'> | undefined {
  const { text, amount, isTotal } = setting;
  if (amount === undefined)
    return { message: `has ${quoted(text, 40)}, with which no Go program starts; write it like 512MiB`, fault: text };
  const room = parseQuantity(limit);
  if (room === undefined || !isPositive(limit) || amount < room || (isTotal && amount === room)) return undefined;
  const message = `has ${quoted(text, 40)}, but a memory limit of ${limit}; lower the one or raise the other`;
  return { message, fault: Number(amount - room) };
}

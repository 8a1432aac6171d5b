import { defineRule } from '../engine/rule.ts';
import { versionInName } from '../subject/name-version.ts';

export const roleBasedContainerNames = defineRule({
  id: 'role-based-container-names',
  group: 'shape',
  category: 'reliability',
  severity: 'info',
  mode: 'audit',
  docs: {
    summary: "A container's name must describe its role, not the version of its image.",
    why: 'Logs, metrics, dashboards and patches refer to containers by name. A name with a version in it changes with every release, or becomes wrong.',
    bad: `containers:
- name: acme-api-v2-3-1
  image: registry.example/api:v2.3.1`,
    good: `containers:
- name: api
  image: registry.example/api:v2.3.1`,
    source:
      'Kubernetes, Object Names and IDs, https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
    departs:
      'Only a version in the name is reported. A container named `nginx` with the image `nginx` passes, and so does `api-v1`, where `v1` is the version of an API.',
  },
  options: {},
  *check(pod) {
    for (const { role, name, spec, at } of pod.containers) {
      if (role === 'ephemeral') continue;
      const version = versionInName(name, spec.image ?? '');
      if (version === undefined) continue;
      const message = `the name carries version "${version}" of the image; name the container after its role`;
      yield { path: at('name'), container: name, message };
    }
  },
});

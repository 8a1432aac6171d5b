import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';

export const uniqueEnvNames = defineRule({
  id: 'unique-env-names',
  group: 'shape',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  since: 2,
  docs: {
    summary: 'A container must not set an environment variable twice.',
    why: 'The last value wins silently. `kubectl apply` and other patches merge the list by name, so a later update changes, keeps or drops the wrong one of the two.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  env:
  - name: LOG_LEVEL
    value: info
  - name: LOG_LEVEL
    value: debug`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  env:
  - name: LOG_LEVEL
    value: debug`,
    source:
      'Kubernetes, Define Environment Variables for a Container, https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
    departs:
      'A value that builds on the earlier one, as in `$(JAVA_OPTS) -Xmx1g`, is no finding. Variables of `envFrom` do not count, because setting them again is the way to override them.',
  },
  options: {},
  *check(pod) {
    for (const container of pod.containers) {
      const { env = [] } = container.spec;
      if (new Set(env.map(nameOf)).size === env.length) continue;
      const seen = new Set<string>();
      for (const [index, { name = '', value = '' }] of env.entries()) {
        if (seen.has(name) && !refersTo(name, value)) {
          const message = `env ${quoted(name)} is set before, and this value wins; remove one of the two`;
          yield { path: container.at('env', index, 'name'), container: container.name, message, fault: name };
        }
        seen.add(name);
      }
    }
  },
});

/** Of an invalid variable, the empty text. */
const nameOf = ({ name = '' }: { readonly name?: string }): string => name;

/** Whether the value contains `$(NAME)`, which Kubernetes replaces by the earlier value; `$$` is an escaped dollar sign. */
const refersTo = (name: string, value: string): boolean => value.replaceAll('$$', '').includes(`$(${name})`);

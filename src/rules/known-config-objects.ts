import { matchesGlob } from '../engine/glob.ts';
import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { configReferences } from '../subject/config-references.ts';

export const knownConfigObjects = defineRule({
  id: 'known-config-objects',
  group: 'shape',
  category: 'reliability',
  severity: 'medium',
  mode: 'off',
  since: 2,
  needsNeighbors: true,
  docs: {
    summary: 'ConfigMaps and Secrets that a Pod needs must exist.',
    why: 'A container does not start while a ConfigMap or Secret that it names is missing: it stays in `CreateContainerConfigError` or `ContainerCreating` until someone creates it. The usual cause is a typo, or an object that was renamed in one place only.',
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  level: info
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: registry.example/app:1.0
    envFrom:
    - configMapRef:
        name: setings`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  level: info
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: registry.example/app:1.0
    envFrom:
    - configMapRef:
        name: settings`,
    source:
      'Kubernetes, ConfigMaps, https://kubernetes.io/docs/concepts/configuration/configmap/; Kubernetes, Secrets: Optional Secrets, https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist',
    departs:
      'The rule checks Pods against the objects of their namespace that are evaluated with them, so it applies to manifests and not at admission: ConfigMaps if there is at least one, and Secrets if there is at least one or an object from which an operator creates one, such as ExternalSecret, SealedSecret, Certificate, SecretProviderClass, an Ingress with an issuer of cert-manager and a Cluster of CloudNativePG. References that are `optional` pass, and so do `imagePullSecrets`, because Pods start without them. It is off by default, because many repositories keep Secrets elsewhere.',
  },
  options: {
    ignored: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: ['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'],
      description: 'Names (globs) of ConfigMaps and Secrets that are created by other means.',
    },
  },
  notApplicable: (_pod, _options, { neighbors }) =>
    neighbors?.hasConfig?.('ConfigMap', '') === undefined && neighbors?.hasConfig?.('Secret', '') === undefined
      ? 'no ConfigMaps and no Secrets are known here'
      : undefined,
  *check(pod, { ignored }, { neighbors }) {
    for (const { kind, name, isOptional, path, container } of configReferences(pod)) {
      if (isOptional || neighbors?.hasConfig?.(kind, name) !== false) continue;
      if (ignored.some((pattern) => matchesGlob(pattern, name))) continue;
      const message = `${kind} ${quoted(name)} is not among those here; correct the name or add it`;
      yield { path, container, message, fault: name };
    }
  },
});

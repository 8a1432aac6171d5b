import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding } from '../engine/rule.ts';
import { pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { securityContextsOf } from '../subject/security-contexts.ts';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';

export const safeApparmorProfile = defineRule({
  id: 'safe-apparmor-profile',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'AppArmor must not be disabled.',
    why: "On nodes with AppArmor, the runtime's profile prevents containers from mounting, writing below `/proc` and `/sys`, and tracing other processes. `Unconfined` lifts all of that. So does the deprecated annotation, which overrides the profile of the Pod, so a safe field alone proves nothing.",
    bad: `securityContext:
  appArmorProfile:
    type: Unconfined
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `securityContext:
  appArmorProfile:
    type: RuntimeDefault
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Pod Security Standards, baseline: AppArmor, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  *check(pod) {
    const annotations = unsafeAnnotations(pod);
    // the fields that replace annotations
    const views = new Map(annotations.length > 0 ? pod.containers.map((view) => [view.name, view]) : []);
    for (const { container, value } of annotations) {
      const path = pointer('metadata', 'annotations', `${prefix}${container}`);
      const view = views.get(container);
      yield {
        path,
        container,
        message: `AppArmor annotation is ${quoted(value)}; set runtime/default or remove it`,
        fault: value === 'unconfined' ? 'Unconfined' : value,
        ...(view && { identity: view.at('securityContext', 'appArmorProfile', 'type') }),
      };
    }
    // the API server copies the annotation into the container's field, so the defect is reported once, where its author
    // wrote it
    const reported = new Set(annotations.map(({ container }) => container));
    for (const { security, container, at } of securityContextsOf(pod)) {
      const type: string | undefined = security.appArmorProfile?.type;
      if (!type || type === 'RuntimeDefault' || type === 'Localhost') continue;
      if (container !== undefined && reported.has(container)) continue;
      yield findingOf(at('appArmorProfile', 'type'), container, type);
    }
  },
});

function unsafeAnnotations({ metadata }: PodSubject): { readonly container: string; readonly value: string }[] {
  const { annotations = {} } = metadata;
  const keys = Object.keys(annotations).filter((key) => key.startsWith(prefix) && !isSafe(annotations[key] ?? ''));
  return keys.map((key) => ({ container: key.slice(prefix.length), value: annotations[key] ?? '' }));
}

const isSafe = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

function findingOf(path: Finding['path'], container: string | undefined, type: string): Finding {
  const value = type === 'Unconfined' ? type : quoted(type);
  const message = `appArmorProfile.type is ${value}; set RuntimeDefault or a Localhost profile`;
  return { path, container, message, fault: type };
}

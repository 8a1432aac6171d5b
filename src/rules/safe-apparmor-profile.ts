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
    const inAnnotations = annotationFindings(pod);
    yield* inAnnotations;
    // the API server copies the annotation into the container's field, so the defect is reported once, where its author
    // wrote it
    const reported = new Set(inAnnotations.map(({ container }) => container));
    for (const { security, container, at } of securityContextsOf(pod)) {
      const type: string | undefined = security.appArmorProfile?.type;
      if (!type || type === 'RuntimeDefault' || type === 'Localhost') continue;
      if (container !== undefined && reported.has(container)) continue;
      yield findingOf(at('appArmorProfile', 'type'), container, type);
    }
  },
});

function annotationFindings({ metadata, containers }: PodSubject): Finding[] {
  const { annotations = {} } = metadata;
  const keys = Object.keys(annotations).filter((key) => key.startsWith(prefix) && !isSafe(annotations[key] ?? ''));
  if (keys.length === 0) return [];
  // the fields that replace annotations
  const views = new Map(containers.map((view) => [view.name, view]));
  return keys.map((key) => {
    const [container, value] = [key.slice(prefix.length), annotations[key] ?? ''];
    const view = views.get(container);
    return {
      path: pointer('metadata', 'annotations', key),
      container,
      message: `AppArmor annotation is ${quoted(value)}; set runtime/default or remove it`,
      fault: value === 'unconfined' ? 'Unconfined' : value,
      ...(view && { identity: view.at('securityContext', 'appArmorProfile', 'type') }),
    };
  });
}

const isSafe = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

function findingOf(path: Finding['path'], container: string | undefined, type: string): Finding {
  const value = type === 'Unconfined' ? type : quoted(type);
  const message = `appArmorProfile.type is ${value}; set RuntimeDefault or a Localhost profile`;
  return { path, container, message, fault: type };
}

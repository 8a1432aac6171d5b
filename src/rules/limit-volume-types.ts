import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { canonicalJson } from '../patch/edits.ts';
import type { Volume } from '../subject/pod-types.ts';

const restricted = 'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(
  ' ',
);
/** Types that have rules of their own. */
const ownRules = new Map([
  ['hostPath', 'no-host-path'],
  ['gitRepo', 'no-git-repo-volume'],
]);

export const limitVolumeTypes = defineRule({
  id: 'limit-volume-types',
  group: 'pod-security',
  category: 'security',
  severity: 'medium',
  mode: 'warn',
  presets: { 'pss-restricted': {} },
  docs: {
    summary: 'Volumes must be of the allowed types.',
    why: 'Types such as `nfs`, `iscsi` or `rbd` let the author of a Pod name any server and any path, and the node connects with its own permissions and address. With a PersistentVolumeClaim, the cluster administrator decides what can be mounted.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: shared
  nfs:
    server: files.example
    path: /exports`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: shared
  persistentVolumeClaim:
    claimName: shared`,
    source:
      'Pod Security Standards, restricted: Volume Types, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs: '`image` volumes are allowed: Pod Security lets them through at every version of the standard.',
  },
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: restricted,
      description: 'Allowed volume types, named as in the spec of a volume.',
    },
  },
  *check(pod, { allowed }, context) {
    for (const [index, volume] of (pod.spec.volumes ?? []).entries()) {
      const type = typeOf(volume);
      if (type === undefined || allowed.includes(type) || context.isOn(ownRules.get(type) ?? '')) continue;
      const message = `volume ${quoted(volume.name ?? '')} has type ${quoted(type)}; use a persistentVolumeClaim`;
      const fault = canonicalJson(volume);
      yield { path: pod.at('volumes', index, type), message, fault };
    }
  },
});

/** The key that names the source. Defaulting turns a volume without a source into an emptyDir. */
const typeOf = (volume: Volume): string | undefined => Object.keys(volume).find((key) => key !== 'name');

import { matchesImageOrRegistry } from '../engine/image-glob.ts';
import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { parseImage } from '../subject/image.ts';
import { imagesOf } from '../subject/pod-images.ts';
import { fullNameOf, shownName } from './knowledge/image-name.ts';

export const allowedRegistries = defineRule({
  id: 'allowed-registries',
  group: 'images',
  category: 'security',
  severity: 'high',
  mode: 'off',
  docs: {
    summary: 'Images must come from allowed registries and repositories.',
    why: 'If any image can be used, unreviewed code can run. A list of registries, with a mirror for external images, is the foundation for scanning and signing.',
    bad: `containers:
- name: app
  image: nginx:1.27`,
    good: `containers:
- name: app
  image: registry.example/team/nginx:1.27`,
    exampleOptions: { allowed: ['registry.example/*'] },
    source:
      'Kubernetes, Application Security Checklist, https://kubernetes.io/docs/concepts/security/application-security-checklist/',
    departs:
      'Hosts are compared in lower case and without port 443, and other names of Docker Hub, such as `registry-1.docker.io`, as `docker.io`.',
  },
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description:
        'Globs for full names such as `docker.io/library/nginx`; a glob without `/` is a whole registry. End the others in `/*`: `ghcr.io/acme*` also allows `ghcr.io/acme-evil/x`. If unset, the rule reports nothing.',
    },
  },
  notApplicable: (_pod, { allowed }) => (allowed === undefined ? 'option allowed is not set' : undefined),
  *check(pod, { allowed = [] }) {
    for (const { reference, container, at } of imagesOf(pod)) {
      const image = parseImage(reference);
      if (image !== undefined && allowed.some((pattern) => matchesImageOrRegistry(pattern, image))) continue;
      const message =
        image === undefined
          ? `image ${quoted(reference)} is not a valid reference, so its registry is not known; correct it`
          : `image ${shownName(image)} is not allowed; see option allowed`;
      const fault = image === undefined ? reference : fullNameOf(image);
      yield { path: at('reference'), container, message, fault };
    }
  },
});

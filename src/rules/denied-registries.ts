import { matchesImageOrRegistry } from '../engine/image-glob.ts';
import { defineRule } from '../engine/rule.ts';
import { parseImage } from '../subject/image.ts';
import { imagesOf } from '../subject/pod-images.ts';
import { fullNameOf, shownName } from './knowledge/image-name.ts';

export const deniedRegistries = defineRule({
  id: 'denied-registries',
  group: 'images',
  category: 'security',
  severity: 'high',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Images must not come from denied registries and repositories.',
    why: 'A registry that is frozen, such as `k8s.gcr.io`, gets no security updates, and one with rate limits keeps Pods from starting when a node is replaced.',
    bad: `containers:
- name: app
  image: k8s.gcr.io/pause:3.5`,
    good: `containers:
- name: app
  image: registry.k8s.io/pause:3.9`,
    exampleOptions: { denied: ['k8s.gcr.io'] },
    source:
      'Kubernetes, k8s.gcr.io Redirect to registry.k8s.io, https://kubernetes.io/blog/2023/03/10/image-registry-redirect/',
    departs:
      'A denylist does not protect against unknown registries; `allowed-registries` does. A reference that the kubelet rejects is not reported here. Hosts are compared in lower case and without port 443, and other names of Docker Hub, such as `registry-1.docker.io`, as `docker.io`.',
  },
  options: {
    denied: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description:
        'Globs for full names such as `docker.io/library/*`; a glob without `/` is a whole registry. If unset, the rule reports nothing.',
    },
  },
  notApplicable: (_pod, { denied }) => (denied === undefined ? 'option denied is not set' : undefined),
  *check(pod, { denied = [] }) {
    for (const { reference, container, at } of imagesOf(pod)) {
      const image = parseImage(reference);
      if (image === undefined || !denied.some((pattern) => matchesImageOrRegistry(pattern, image))) continue;
      const message = `image ${shownName(image)} is denied; use another registry (see option denied)`;
      yield { path: at('reference'), container, message, fault: fullNameOf(image) };
    }
  },
});

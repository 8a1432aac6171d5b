import { defineRule } from '../engine/rule.ts';
import { parseImage } from '../subject/image.ts';
import { imagesOf } from '../subject/pod-images.ts';

export const consistentPullPolicy = defineRule({
  id: 'consistent-pull-policy',
  group: 'images',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  docs: {
    summary: 'Images tagged latest, or without a tag, must be pulled every time.',
    why: 'With any other pull policy, each node keeps the `latest` that it pulled first. Replicas of one Deployment then run different versions on different nodes, and nothing shows which node runs which.',
    bad: `containers:
- name: app
  image: registry.example/app:latest
  imagePullPolicy: IfNotPresent`,
    good: `containers:
- name: app
  image: registry.example/app:latest
  imagePullPolicy: Always`,
    source: 'Kubernetes, Images, https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy',
  },
  options: {
    everyTag: {
      type: 'boolean',
      default: false,
      description:
        'Require `Always` for every tag, because a tag can be moved, and because a cached private image starts without its pull secret.',
    },
  },
  *check(pod, { everyTag }) {
    for (const { reference, container, pullPolicy, at } of imagesOf(pod)) {
      if (!pullPolicy || pullPolicy === 'Always') continue;
      const image = parseImage(reference);
      if (image === undefined || image.digest !== undefined) continue;
      const isLatest = (image.tag ?? 'latest') === 'latest';
      if (!isLatest && !everyTag) continue;
      const field = container === undefined ? 'pullPolicy' : 'imagePullPolicy';
      const message = isLatest
        ? `${field} is ${pullPolicy}, so nodes keep different images as latest; set Always or pin a tag`
        : `${field} is ${pullPolicy}, and a tag can be moved; set Always or pin a digest`;
      yield { path: at('pullPolicy'), container, message };
    }
  },
});

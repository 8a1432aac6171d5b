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
    summary: 'Images with the tag latest, or none, must be pulled each time.',
    why: 'With any other pull policy a node keeps the `latest` that it pulled first. The replicas of one Deployment then run as many versions as there are nodes, and nothing tells them apart.',
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
  options: {},
  *check(pod) {
    for (const { reference, container, pullPolicy, pullPolicyPath: path } of imagesOf(pod)) {
      const image = parseImage(reference);
      if (image === undefined || image.digest !== undefined) continue;
      if (!pullPolicy || pullPolicy === 'Always' || (image.tag ?? 'latest') !== 'latest') continue;
      const field = container === undefined ? 'pullPolicy' : 'imagePullPolicy';
      const message = `${field} is ${pullPolicy}, so nodes keep different images as latest; set Always or pin a tag`;
      yield { path, container, message };
    }
  },
});

import { matchesImageOrRegistry } from '../engine/image-glob.ts';
import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding } from '../engine/rule.ts';
import { badDigestOf, parseImage } from '../subject/image.ts';
import { imagesOf } from '../subject/pod-images.ts';

export const pinImageTag = defineRule({
  id: 'pin-image-tag',
  group: 'images',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'Images must have a tag other than latest, or a digest.',
    why: '`latest`, which is also the default, is the image that was pushed last. Two Pods of one Deployment can run different code, every restart can be a release, and there is nothing to roll back to.',
    bad: `containers:
- name: app
  image: registry.example/app:latest`,
    good: `containers:
- name: app
  image: registry.example/app:1.4.2`,
    source: 'Kubernetes, Images, https://kubernetes.io/docs/concepts/containers/images/#image-names',
    departs:
      'A digest that no kubelet accepts pins nothing: one that is too short or in capitals, or of an algorithm other than sha256, sha384 and sha512.',
  },
  options: {
    requireDigest: {
      type: 'boolean',
      default: false,
      description: 'Require a digest: a tag can be moved, a digest cannot.',
    },
    requireDigestFrom: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description:
        'Globs for images that need a digest, such as `docker.io/*`; a glob without `/` is a whole registry. Not needed with `requireDigest`.',
    },
  },
  *check(pod, { requireDigest, requireDigestFrom }) {
    for (const { reference, container, volume, at } of imagesOf(pod)) {
      const problem = problemOf(reference, requireDigest ? ['*'] : requireDigestFrom);
      if (problem === undefined) continue;
      const name = quoted(badDigestOf(reference)?.name ?? reference);
      const image = volume === undefined ? `image ${name}` : `image ${name} of a volume`;
      yield { path: at('reference'), container, message: `${image} ${problem.message}`, fault: problem.fault };
    }
  },
});

/** The problem with the reference, and its severity. */
function problemOf(reference: string, needDigest: readonly string[]): Pick<Finding, 'message' | 'fault'> | undefined {
  const image = parseImage(reference);
  if (image === undefined) {
    const bad = badDigestOf(reference);
    if (bad !== undefined) return { message: `has invalid digest ${quoted(bad.digest)}; write @sha256:…`, fault: 3 };
    return { message: 'is not a valid reference; write [registry/]name:tag or name@digest', fault: 3 };
  }
  if (image.digest !== undefined) return undefined;
  if (image.tag === undefined) return { message: 'has no tag, which means latest; pin a version or digest', fault: 2 };
  if (image.tag === 'latest') return { message: 'changes under its tag latest; pin a version or digest', fault: 2 };
  const needsDigest = needDigest.some((pattern) => matchesImageOrRegistry(pattern, image));
  return needsDigest ? { message: 'has no digest; pin it with @sha256:…', fault: 1 } : undefined;
}

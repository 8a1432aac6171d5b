import type { ImageFacts, KnownImages } from '../image-facts.ts';
import { bareProgram } from './bare-programs.ts';

const bareProgramOfRoot: ImageFacts = { user: 0, ...bareProgram };

/** Images like `barePrograms` that run as root unless a manifest sets another user. */
export const bareProgramsOfRoot: readonly KnownImages[] = [
  {
    images: ['quay.io/argoproj/argoexec'],
    facts: bareProgramOfRoot,
    source: 'argoproj/argo-workflows Dockerfile',
  },
  {
    images: ['quay.io/argoproj/argo-events'],
    facts: bareProgramOfRoot,
    source: 'argoproj/argo-events Dockerfile',
  },
  {
    images: ['ghcr.io/projectcontour/contour'],
    facts: bareProgramOfRoot,
    source: 'projectcontour/contour Dockerfile',
  },
  {
    images: ['registry.k8s.io/sig-storage/csi-provisioner'],
    facts: bareProgramOfRoot,
    source: 'kubernetes-csi/external-provisioner Dockerfile',
  },
  {
    images: ['registry.k8s.io/sig-storage/csi-attacher'],
    facts: bareProgramOfRoot,
    source: 'kubernetes-csi/external-attacher Dockerfile',
  },
  {
    images: ['registry.k8s.io/sig-storage/csi-resizer'],
    facts: bareProgramOfRoot,
    source: 'kubernetes-csi/external-resizer Dockerfile',
  },
  {
    images: ['registry.k8s.io/sig-storage/csi-snapshotter'],
    facts: bareProgramOfRoot,
    source: 'kubernetes-csi/external-snapshotter cmd/csi-snapshotter/Dockerfile',
  },
  {
    images: ['registry.k8s.io/sig-storage/snapshot-controller'],
    facts: bareProgramOfRoot,
    source: 'kubernetes-csi/external-snapshotter cmd/snapshot-controller/Dockerfile',
  },
  {
    images: ['registry.k8s.io/sig-storage/csi-node-driver-registrar'],
    facts: bareProgramOfRoot,
    source: 'kubernetes-csi/node-driver-registrar Dockerfile',
  },
  {
    images: ['registry.k8s.io/sig-storage/livenessprobe'],
    facts: bareProgramOfRoot,
    source: 'kubernetes-csi/livenessprobe Dockerfile',
  },
  {
    images: ['quay.io/metallb/controller'],
    facts: bareProgramOfRoot,
    source: 'metallb/metallb controller/Dockerfile',
  },
  {
    images: ['quay.io/metallb/speaker'],
    facts: bareProgramOfRoot,
    source: 'metallb/metallb speaker/Dockerfile',
  },
  {
    images: ['cr.l5d.io/linkerd/controller', 'ghcr.io/linkerd/controller'],
    facts: bareProgramOfRoot,
    source: 'linkerd/linkerd2 Dockerfile.controller',
  },
  {
    images: ['cr.l5d.io/linkerd/metrics-api', 'ghcr.io/linkerd/metrics-api'],
    facts: bareProgramOfRoot,
    source: 'linkerd/linkerd2 viz/metrics-api/Dockerfile',
  },
  {
    images: ['cr.l5d.io/linkerd/tap', 'ghcr.io/linkerd/tap'],
    facts: bareProgramOfRoot,
    source: 'linkerd/linkerd2 viz/tap/Dockerfile',
  },
  {
    images: ['cr.l5d.io/linkerd/web', 'ghcr.io/linkerd/web'],
    facts: bareProgramOfRoot,
    source: 'linkerd/linkerd2 web/Dockerfile',
  },
];

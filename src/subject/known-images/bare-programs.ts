import type { ImageFacts, KnownImages } from '../image-facts.ts';

/** Nothing but a program, on a base without any other. */
export const bareProgram: ImageFacts = { setuid: [], capabilities: [] };

/** Images with a program and nothing else that could gain privileges. */
export const barePrograms: readonly KnownImages[] = [
  { images: ['ghcr.io/kedacore/keda'], facts: { user: 65532, ...bareProgram }, source: 'kedacore/keda Dockerfile' },
  {
    images: ['ghcr.io/kedacore/keda-metrics-apiserver'],
    facts: { user: 65532, ...bareProgram },
    source: 'kedacore/keda Dockerfile.adapter',
  },
  {
    images: ['ghcr.io/kedacore/keda-admission-webhooks'],
    facts: { user: 65532, ...bareProgram },
    source: 'kedacore/keda Dockerfile.webhooks',
  },
  {
    images: ['docker.io/openpolicyagent/gatekeeper'],
    facts: { user: 65532, ...bareProgram },
    source: 'open-policy-agent/gatekeeper Dockerfile',
  },
  {
    images: ['docker.io/openpolicyagent/gatekeeper-crds'],
    facts: { user: 65532, ...bareProgram },
    source: 'open-policy-agent/gatekeeper crd.Dockerfile',
  },
  {
    images: ['registry.k8s.io/kube-state-metrics/kube-state-metrics'],
    facts: { user: 'nobody', ...bareProgram },
    source: 'kubernetes/kube-state-metrics Dockerfile',
  },
  {
    images: ['registry.k8s.io/metrics-server/metrics-server'],
    facts: { user: 65534, ...bareProgram },
    source: 'kubernetes-sigs/metrics-server Dockerfile',
  },
  {
    images: ['registry.k8s.io/external-dns/external-dns'],
    facts: bareProgram,
    source: 'kubernetes-sigs/external-dns .ko.yaml',
  },
  {
    images: ['registry.k8s.io/descheduler/descheduler'],
    facts: { user: 1000, ...bareProgram },
    source: 'kubernetes-sigs/descheduler Dockerfile',
  },
  {
    images: ['registry.k8s.io/kueue/kueue'],
    facts: { user: 65532, ...bareProgram },
    source: 'kubernetes-sigs/kueue Dockerfile',
  },
  {
    images: ['quay.io/jetstack/cert-manager-controller'],
    facts: bareProgram,
    source: 'cert-manager/cert-manager hack/containers/Containerfile.controller, make/base_images.mk',
  },
  {
    images: ['quay.io/jetstack/cert-manager-webhook'],
    facts: bareProgram,
    source: 'cert-manager/cert-manager hack/containers/Containerfile.webhook, make/base_images.mk',
  },
  {
    images: ['quay.io/jetstack/cert-manager-cainjector'],
    facts: bareProgram,
    source: 'cert-manager/cert-manager hack/containers/Containerfile.cainjector, make/base_images.mk',
  },
  {
    images: [
      'docker.io/otel/opentelemetry-collector',
      'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector',
    ],
    facts: { user: 10001, ...bareProgram },
    source: 'open-telemetry/opentelemetry-collector-releases distributions/otelcol/Dockerfile',
  },
  {
    images: [
      'docker.io/otel/opentelemetry-collector-contrib',
      'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib',
    ],
    facts: { user: 10001, ...bareProgram },
    source: 'open-telemetry/opentelemetry-collector-releases distributions/otelcol-contrib/Dockerfile',
  },
  {
    images: [
      'docker.io/otel/opentelemetry-collector-k8s',
      'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s',
    ],
    facts: { user: 10001, ...bareProgram },
    source: 'open-telemetry/opentelemetry-collector-releases distributions/otelcol-k8s/Dockerfile',
  },
  {
    images: ['ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator'],
    facts: { user: 65532, ...bareProgram },
    source: 'open-telemetry/opentelemetry-operator Dockerfile',
  },
  {
    images: ['ghcr.io/cloudnative-pg/cloudnative-pg'],
    facts: { user: 65532, ...bareProgram },
    source: 'cloudnative-pg/cloudnative-pg Dockerfile',
  },
  {
    images: ['quay.io/argoproj/argo-rollouts'],
    facts: { user: 999, ...bareProgram },
    source: 'argoproj/argo-rollouts Dockerfile',
  },
  {
    images: ['docker.io/bitnami/sealed-secrets-controller', 'ghcr.io/bitnami-labs/sealed-secrets-controller'],
    facts: { user: 1001, ...bareProgram },
    source: 'bitnami-labs/sealed-secrets docker/controller.Dockerfile',
  },
  {
    images: ['quay.io/brancz/kube-rbac-proxy'],
    facts: { user: 65532, ...bareProgram },
    source: 'brancz/kube-rbac-proxy Dockerfile',
  },
  {
    images: ['docker.io/grafana/loki'],
    facts: { user: 10001, ...bareProgram },
    source: 'grafana/loki cmd/loki/Dockerfile',
  },
  {
    images: ['quay.io/argoproj/workflow-controller'],
    facts: { user: 8737, ...bareProgram },
    source: 'argoproj/argo-workflows Dockerfile',
  },
  {
    images: ['quay.io/argoproj/argocli'],
    facts: { user: 8737, ...bareProgram },
    source: 'argoproj/argo-workflows Dockerfile',
  },
  {
    images: ['docker.io/grafana/tempo'],
    facts: { user: 10001, ...bareProgram },
    source: 'grafana/tempo cmd/tempo/Dockerfile',
  },
  {
    images: ['docker.io/grafana/tempo-vulture'],
    facts: { user: 10001, ...bareProgram },
    source: 'grafana/tempo cmd/tempo-vulture/Dockerfile',
  },
  {
    images: ['docker.io/nginx/nginx-prometheus-exporter', 'ghcr.io/nginx/nginx-prometheus-exporter'],
    facts: { user: 1001, ...bareProgram },
    source: 'nginx/nginx-prometheus-exporter build/Dockerfile',
  },
  {
    images: ['docker.io/jimmidyson/configmap-reload', 'ghcr.io/jimmidyson/configmap-reload'],
    facts: { user: 65534, ...bareProgram },
    source: 'jimmidyson/configmap-reload Dockerfile',
  },
  {
    images: ['docker.io/cloudflare/cloudflared'],
    facts: { user: 65532, ...bareProgram },
    source: 'cloudflare/cloudflared Dockerfile',
  },
  {
    images: ['xpkg.crossplane.io/crossplane/crossplane', 'docker.io/crossplane/crossplane'],
    facts: { user: 65532, ...bareProgram },
    source: 'crossplane/crossplane nix/build.nix',
  },
  {
    images: ['registry.k8s.io/cluster-api/cluster-api-controller'],
    facts: { user: 65532, ...bareProgram },
    source: 'kubernetes-sigs/cluster-api Dockerfile, Makefile',
  },
  {
    images: ['registry.k8s.io/cluster-api/kubeadm-bootstrap-controller'],
    facts: { user: 65532, ...bareProgram },
    source: 'kubernetes-sigs/cluster-api Dockerfile, Makefile',
  },
  {
    images: ['registry.k8s.io/cluster-api/kubeadm-control-plane-controller'],
    facts: { user: 65532, ...bareProgram },
    source: 'kubernetes-sigs/cluster-api Dockerfile, Makefile',
  },
  {
    images: ['registry.k8s.io/autoscaling/cluster-autoscaler'],
    facts: bareProgram,
    source: 'kubernetes/autoscaler cluster-autoscaler/Dockerfile',
  },
  {
    images: ['registry.k8s.io/autoscaling/vpa-admission-controller'],
    facts: bareProgram,
    source: 'kubernetes/autoscaler vertical-pod-autoscaler/pkg/admission-controller/Dockerfile',
  },
  {
    images: ['registry.k8s.io/autoscaling/vpa-recommender'],
    facts: bareProgram,
    source: 'kubernetes/autoscaler vertical-pod-autoscaler/pkg/recommender/Dockerfile',
  },
  {
    images: ['registry.k8s.io/autoscaling/vpa-updater'],
    facts: bareProgram,
    source: 'kubernetes/autoscaler vertical-pod-autoscaler/pkg/updater/Dockerfile',
  },
];

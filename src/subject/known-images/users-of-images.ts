import type { KnownImages } from '../image-facts.ts';

/** Images of which the user alone is known. */
export const usersOfImages: readonly KnownImages[] = [
  {
    images: ['registry.k8s.io/nfd/node-feature-discovery'],
    facts: { user: 65534 },
    source: 'kubernetes-sigs/node-feature-discovery Dockerfile',
  },
  { images: ['ghcr.io/stakater/reloader'], facts: { user: 65532 }, source: 'stakater/Reloader Dockerfile' },
  { images: ['quay.io/argoproj/argocd'], facts: { user: 999 }, source: 'argoproj/argo-cd Dockerfile' },
  { images: ['ghcr.io/dexidp/dex'], facts: { user: 'dex' }, source: 'dexidp/dex Dockerfile' },
  {
    images: ['quay.io/strimzi/operator'],
    facts: { user: 1001 },
    source: 'strimzi/strimzi-kafka-operator docker-images/operator/Dockerfile',
  },
  {
    images: ['quay.io/strimzi/kafka'],
    facts: { user: 1001 },
    source: 'strimzi/strimzi-kafka-operator docker-images/kafka-based/kafka/Dockerfile',
  },
  { images: ['docker.io/velero/velero'], facts: { user: 'cnb' }, source: 'vmware-tanzu/velero Dockerfile' },
  {
    images: ['quay.io/keycloak/keycloak'],
    facts: { user: 1000 },
    source: 'keycloak/keycloak quarkus/container/Dockerfile',
  },
  {
    images: ['docker.io/jenkins/jenkins'],
    facts: { user: 'jenkins' },
    source: 'jenkinsci/docker debian/Dockerfile, alpine/hotspot/Dockerfile, rhel/Dockerfile',
  },
  {
    images: ['docker.io/nginxinc/nginx-unprivileged'],
    facts: { user: 101 },
    source: 'nginx/docker-nginx-unprivileged mainline/debian/Dockerfile, mainline/alpine-slim/Dockerfile',
  },
  {
    images: ['docker.io/library/haproxy'],
    facts: { user: 'haproxy' },
    source: 'docker-library/haproxy 3.4/Dockerfile, 2.6/Dockerfile',
  },
  {
    images: ['docker.io/library/memcached'],
    facts: { user: 'memcache' },
    source: 'docker-library/memcached 1/debian/Dockerfile',
  },
  {
    images: ['docker.io/hashicorp/vault-k8s'],
    facts: { user: 'vault' },
    source: 'hashicorp/vault-k8s Dockerfile',
  },
  {
    images: ['docker.io/hashicorp/consul-k8s-control-plane'],
    facts: { user: 100 },
    source: 'hashicorp/consul-k8s control-plane/Dockerfile',
  },
  {
    images: ['ghcr.io/fluxcd/source-controller', 'docker.io/fluxcd/source-controller'],
    facts: { user: 65534 },
    source: 'fluxcd/source-controller Dockerfile',
  },
  {
    images: ['ghcr.io/fluxcd/kustomize-controller', 'docker.io/fluxcd/kustomize-controller'],
    facts: { user: 65534 },
    source: 'fluxcd/kustomize-controller Dockerfile',
  },
  {
    images: ['ghcr.io/fluxcd/helm-controller', 'docker.io/fluxcd/helm-controller'],
    facts: { user: 65534 },
    source: 'fluxcd/helm-controller Dockerfile',
  },
  {
    images: ['ghcr.io/fluxcd/notification-controller', 'docker.io/fluxcd/notification-controller'],
    facts: { user: 65534 },
    source: 'fluxcd/notification-controller Dockerfile',
  },
  {
    images: ['ghcr.io/fluxcd/image-reflector-controller', 'docker.io/fluxcd/image-reflector-controller'],
    facts: { user: 65534 },
    source: 'fluxcd/image-reflector-controller Dockerfile',
  },
  {
    images: ['ghcr.io/fluxcd/image-automation-controller', 'docker.io/fluxcd/image-automation-controller'],
    facts: { user: 65534 },
    source: 'fluxcd/image-automation-controller Dockerfile',
  },
  {
    images: ['ghcr.io/external-secrets/external-secrets'],
    facts: { user: 65534 },
    source: 'external-secrets/external-secrets Dockerfile, Dockerfile.ubi',
  },
  {
    images: ['ghcr.io/zalando/postgres-operator'],
    facts: { user: 1000 },
    source: 'zalando/postgres-operator docker/Dockerfile',
  },
  {
    images: ['ghcr.io/zalando/postgres-operator/pgbouncer'],
    facts: { user: 'pgbouncer' },
    source: 'zalando/postgres-operator pooler/Dockerfile',
  },
  {
    images: ['quay.io/openbao/openbao', 'docker.io/openbao/openbao', 'ghcr.io/openbao/openbao'],
    facts: { user: 'openbao' },
    source: 'openbao/openbao Dockerfile',
  },
  {
    images: ['docker.io/envoyproxy/gateway'],
    facts: { user: 65532 },
    source: 'envoyproxy/gateway tools/docker/envoy-gateway/Dockerfile',
  },
  {
    images: ['quay.io/argoprojlabs/argocd-image-updater'],
    facts: { user: 1000 },
    source: 'argoproj-labs/argocd-image-updater Dockerfile',
  },
  {
    images: ['mirror.gcr.io/aquasec/trivy-operator', 'ghcr.io/aquasecurity/trivy-operator'],
    facts: { user: 10000 },
    source: 'aquasecurity/trivy-operator build/trivy-operator/Dockerfile',
  },
  {
    images: ['cr.l5d.io/linkerd/proxy', 'ghcr.io/linkerd/proxy'],
    facts: { user: 65534 },
    source: 'linkerd/linkerd2 Dockerfile.proxy',
  },
  {
    images: ['docker.io/goharbor/harbor-core'],
    facts: { user: 'harbor' },
    source: 'goharbor/harbor make/photon/core/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/harbor-jobservice'],
    facts: { user: 'harbor' },
    source: 'goharbor/harbor make/photon/jobservice/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/harbor-registryctl'],
    facts: { user: 'harbor' },
    source: 'goharbor/harbor make/photon/registryctl/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/registry-photon'],
    facts: { user: 'harbor' },
    source: 'goharbor/harbor make/photon/registry/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/harbor-exporter'],
    facts: { user: 'harbor' },
    source: 'goharbor/harbor make/photon/exporter/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/harbor-portal'],
    facts: { user: 'nginx' },
    source: 'goharbor/harbor make/photon/portal/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/nginx-photon'],
    facts: { user: 'nginx' },
    source: 'goharbor/harbor make/photon/nginx/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/harbor-db'],
    facts: { user: 'postgres' },
    source: 'goharbor/harbor make/photon/db/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/valkey-photon'],
    facts: { user: 'valkey' },
    source: 'goharbor/harbor make/photon/valkey/Dockerfile',
  },
  {
    images: ['docker.io/goharbor/trivy-adapter-photon'],
    facts: { user: 'scanner' },
    source: 'goharbor/harbor make/photon/trivy-adapter/Dockerfile',
  },
  {
    images: ['docker.io/library/sonarqube'],
    facts: { user: 'sonarqube' },
    source: 'SonarSource/docker-sonarqube community-build/Dockerfile, commercial-editions/*/Dockerfile',
  },
  {
    images: ['docker.io/library/kong', 'docker.io/kong/kong'],
    facts: { user: 'kong' },
    source: 'Kong/docker-kong ubuntu/Dockerfile, Dockerfile.deb, Dockerfile.rpm',
  },
  {
    images: ['docker.io/library/solr'],
    facts: { user: 8983 },
    source: 'apache/solr-docker 10.0/Dockerfile',
  },
];

import type { KnownImages } from '../known-images.ts';

/** Images of which the user alone is known. */
export const usersOfImages: readonly KnownImages[] = [
  {
    images: ['docker.io/prom/prometheus', 'quay.io/prometheus/prometheus'],
    facts: { user: 'nobody' },
    source: 'prometheus/prometheus Dockerfile',
  },
  {
    images: ['docker.io/prom/alertmanager', 'quay.io/prometheus/alertmanager'],
    facts: { user: 'nobody' },
    source: 'prometheus/alertmanager Dockerfile',
  },
  {
    images: ['docker.io/prom/node-exporter', 'quay.io/prometheus/node-exporter'],
    facts: { user: 'nobody' },
    source: 'prometheus/node_exporter Dockerfile',
  },
  {
    images: ['quay.io/prometheus-operator/prometheus-operator'],
    facts: { user: 65534 },
    source: 'prometheus-operator/prometheus-operator Dockerfile',
  },
  {
    images: ['quay.io/prometheus-operator/prometheus-config-reloader'],
    facts: { user: 'nobody' },
    source: 'prometheus-operator/prometheus-operator cmd/prometheus-config-reloader/Dockerfile',
  },
  {
    images: ['docker.io/oliver006/redis_exporter', 'quay.io/oliver006/redis_exporter'],
    facts: { user: 59000 },
    source: 'oliver006/redis_exporter Dockerfile',
  },
  {
    images: ['registry.k8s.io/nfd/node-feature-discovery'],
    facts: { user: 65534 },
    source: 'kubernetes-sigs/node-feature-discovery Dockerfile',
  },
  { images: ['docker.io/grafana/grafana'], facts: { user: 472 }, source: 'grafana/grafana Dockerfile' },
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
  // images that start as root, most of them to change to another user
  {
    images: ['docker.io/library/redis'],
    facts: { user: 0 },
    source: 'redis/docker-library-redis 7.4/debian/Dockerfile',
  },
  {
    images: ['docker.io/valkey/valkey'],
    facts: { user: 0 },
    source: 'valkey-io/valkey-container 8.0/debian/Dockerfile',
  },
  {
    images: ['docker.io/library/postgres'],
    facts: { user: 0 },
    source: 'docker-library/postgres 16/trixie/Dockerfile',
  },
  {
    images: ['docker.io/library/mysql'],
    facts: { user: 0 },
    source: 'docker-library/mysql innovation/Dockerfile.oracle',
  },
  { images: ['docker.io/library/mongo'], facts: { user: 0 }, source: 'docker-library/mongo 8.2/Dockerfile' },
  {
    images: ['docker.io/library/rabbitmq'],
    facts: { user: 0 },
    source: 'docker-library/rabbitmq 4.2/ubuntu/Dockerfile',
  },
  { images: ['docker.io/library/nginx'], facts: { user: 0 }, source: 'nginx/docker-nginx mainline/debian/Dockerfile' },
  {
    images: ['docker.io/library/nats'],
    facts: { user: 0 },
    source: 'nats-io/nats-docker 2.10.x/alpine3.22/Dockerfile',
  },
  {
    images: ['docker.io/library/traefik'],
    facts: { user: 0 },
    source: 'traefik/traefik-library-image v3.7/alpine/Dockerfile',
  },
];

import type { KnownImages } from '../image-facts.ts';

/** Images that start as root, most of them to change to another user; nothing else is known of them. */
export const rootImages: readonly KnownImages[] = [
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
  {
    images: ['docker.io/hashicorp/vault'],
    facts: { user: 0 },
    source: 'hashicorp/vault Dockerfile',
  },
  {
    images: ['docker.io/hashicorp/consul'],
    facts: { user: 0 },
    source: 'hashicorp/consul Dockerfile',
  },
  {
    images: ['quay.io/minio/minio', 'docker.io/minio/minio'],
    facts: { user: 0 },
    source: 'minio/minio Dockerfile.release',
  },
  {
    images: ['docker.io/gitea/gitea', 'docker.gitea.com/gitea'],
    facts: { user: 0 },
    source: 'go-gitea/gitea Dockerfile',
  },
  {
    images: ['docker.io/fluent/fluent-bit', 'cr.fluentbit.io/fluent/fluent-bit', 'ghcr.io/fluent/fluent-bit'],
    facts: { user: 0 },
    source: 'fluent/fluent-bit dockerfiles/Dockerfile',
  },
  {
    images: ['docker.io/victoriametrics/victoria-metrics', 'quay.io/victoriametrics/victoria-metrics'],
    facts: { user: 0 },
    source: 'VictoriaMetrics/VictoriaMetrics app/victoria-metrics/deployment/Dockerfile, deployment/docker/Makefile',
  },
  {
    images: ['docker.io/victoriametrics/vmagent', 'quay.io/victoriametrics/vmagent'],
    facts: { user: 0 },
    source: 'VictoriaMetrics/VictoriaMetrics app/vmagent/deployment/Dockerfile, deployment/docker/Makefile',
  },
  {
    images: ['docker.io/victoriametrics/vmalert', 'quay.io/victoriametrics/vmalert'],
    facts: { user: 0 },
    source: 'VictoriaMetrics/VictoriaMetrics app/vmalert/deployment/Dockerfile, deployment/docker/Makefile',
  },
  {
    images: ['docker.io/victoriametrics/vmauth', 'quay.io/victoriametrics/vmauth'],
    facts: { user: 0 },
    source: 'VictoriaMetrics/VictoriaMetrics app/vmauth/deployment/Dockerfile, deployment/docker/Makefile',
  },
  {
    images: ['docker.io/victoriametrics/vmbackup', 'quay.io/victoriametrics/vmbackup'],
    facts: { user: 0 },
    source: 'VictoriaMetrics/VictoriaMetrics app/vmbackup/deployment/Dockerfile, deployment/docker/Makefile',
  },
  {
    images: ['docker.io/victoriametrics/vmrestore', 'quay.io/victoriametrics/vmrestore'],
    facts: { user: 0 },
    source: 'VictoriaMetrics/VictoriaMetrics app/vmrestore/deployment/Dockerfile, deployment/docker/Makefile',
  },
  {
    images: ['docker.io/victoriametrics/vmctl', 'quay.io/victoriametrics/vmctl'],
    facts: { user: 0 },
    source: 'VictoriaMetrics/VictoriaMetrics app/vmctl/deployment/Dockerfile, deployment/docker/Makefile',
  },
  {
    images: ['quay.io/cilium/tetragon'],
    facts: { user: 0 },
    source: 'cilium/tetragon Dockerfile',
  },
  {
    images: ['quay.io/metallb/frr-k8s'],
    facts: { user: 0 },
    source: 'metallb/frr-k8s Dockerfile',
  },
  {
    images: ['ghcr.io/k8snetworkplumbingwg/multus-cni'],
    facts: { user: 0 },
    source: 'k8snetworkplumbingwg/multus-cni images/Dockerfile, images/Dockerfile.thick',
  },
  {
    images: ['ghcr.io/zalando/postgres-operator/logical-backup'],
    facts: { user: 0 },
    source: 'zalando/postgres-operator logical-backup/Dockerfile',
  },
  {
    images: ['docker.dragonflydb.io/dragonflydb/dragonfly', 'ghcr.io/dragonflydb/dragonfly'],
    facts: { user: 0 },
    source: 'dragonflydb/dragonfly tools/packaging/Dockerfile.ubuntu-prod',
  },
  {
    images: ['docker.io/library/httpd'],
    facts: { user: 0 },
    source: 'docker-library/httpd 2.4/Dockerfile, 2.4/alpine/Dockerfile',
  },
];

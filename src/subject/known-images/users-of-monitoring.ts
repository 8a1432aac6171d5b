import type { KnownImages } from '../image-facts.ts';

/** Images for metrics, logs and traces of which the user alone is known. */
export const usersOfMonitoring: readonly KnownImages[] = [
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
  { images: ['docker.io/grafana/grafana'], facts: { user: 472 }, source: 'grafana/grafana Dockerfile' },
  {
    images: ['docker.io/grafana/tempo-query'],
    facts: { user: 10001 },
    source: 'grafana/tempo cmd/tempo-query/Dockerfile',
  },
  {
    images: ['docker.io/prom/pushgateway', 'quay.io/prometheus/pushgateway'],
    facts: { user: 65534 },
    source: 'prometheus/pushgateway Dockerfile',
  },
  {
    images: ['docker.io/prom/mysqld-exporter', 'quay.io/prometheus/mysqld-exporter'],
    facts: { user: 'nobody' },
    source: 'prometheus/mysqld_exporter Dockerfile',
  },
  {
    images: ['docker.io/prom/memcached-exporter', 'quay.io/prometheus/memcached-exporter'],
    facts: { user: 'nobody' },
    source: 'prometheus/memcached_exporter Dockerfile',
  },
  {
    images: ['docker.io/prom/statsd-exporter', 'quay.io/prometheus/statsd-exporter'],
    facts: { user: 65534 },
    source: 'prometheus/statsd_exporter Dockerfile',
  },
  {
    images: ['docker.io/prometheuscommunity/postgres-exporter', 'quay.io/prometheuscommunity/postgres-exporter'],
    facts: { user: 'nobody' },
    source: 'prometheus-community/postgres_exporter Dockerfile',
  },
  {
    images: [
      'docker.io/prometheuscommunity/elasticsearch-exporter',
      'quay.io/prometheuscommunity/elasticsearch-exporter',
    ],
    facts: { user: 'nobody' },
    source: 'prometheus-community/elasticsearch_exporter Dockerfile',
  },
  {
    images: ['quay.io/thanos/thanos'],
    facts: { user: 1001 },
    source: 'thanos-io/thanos Dockerfile',
  },
  {
    images: ['quay.io/kiwigrid/k8s-sidecar', 'docker.io/kiwigrid/k8s-sidecar', 'ghcr.io/kiwigrid/k8s-sidecar'],
    facts: { user: 65534 },
    source: 'kiwigrid/k8s-sidecar Dockerfile',
  },
  {
    images: ['docker.io/jaegertracing/jaeger', 'cr.jaegertracing.io/jaegertracing/jaeger'],
    facts: { user: 10001 },
    source: 'jaegertracing/jaeger cmd/jaeger/Dockerfile',
  },
  {
    images: ['docker.io/jaegertracing/jaeger-remote-storage'],
    facts: { user: 10001 },
    source: 'jaegertracing/jaeger cmd/remote-storage/Dockerfile',
  },
  {
    images: ['docker.io/jaegertracing/jaeger-es-index-cleaner'],
    facts: { user: 10001 },
    source: 'jaegertracing/jaeger cmd/es-index-cleaner/Dockerfile',
  },
  {
    images: ['docker.io/jaegertracing/jaeger-es-rollover'],
    facts: { user: 10001 },
    source: 'jaegertracing/jaeger cmd/es-rollover/Dockerfile',
  },
];

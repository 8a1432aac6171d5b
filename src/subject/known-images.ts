import type { ImageFacts } from './image-facts.ts';

/** Images with the same facts, by full names in which a star at the end stands for the rest. */
export interface KnownImages {
  readonly images: readonly string[];
  readonly facts: ImageFacts;
  /** Where it can be read: `owner/repository path` on GitHub. */
  readonly source: string;
}

const bindsLowPorts: ImageFacts = { capabilities: ['NET_BIND_SERVICE'] };
const usesSudo: ImageFacts = { setuid: ['sudo'] };
const mapsUsers: ImageFacts = { setuid: ['newuidmap'] };
const queuesMail: ImageFacts = { setuid: ['postdrop'] };

/** Nothing but a program, on a base without any other. */
const bareProgram: ImageFacts = { setuid: [], capabilities: [] };

/** The built-in table. A line goes in only if its source has been read. */
export const knownImages: readonly KnownImages[] = [
  // programs that start only with their file capabilities
  {
    images: ['docker.io/library/caddy'],
    facts: bindsLowPorts,
    source: 'caddyserver/caddy-docker 2.8/alpine/Dockerfile, issue 396',
  },
  {
    images: [
      'docker.io/coredns/coredns',
      'registry.k8s.io/coredns/coredns',
      'registry.k8s.io/coredns',
      'public.ecr.aws/eks-distro/coredns/coredns',
    ],
    facts: bindsLowPorts,
    source: 'coredns/coredns Dockerfile',
  },
  {
    images: ['registry.k8s.io/ingress-nginx/controller'],
    facts: { user: 'www-data', ...bindsLowPorts },
    source: 'kubernetes/ingress-nginx rootfs/Dockerfile',
  },
  {
    images: ['registry.k8s.io/ingress-nginx/controller-chroot'],
    facts: { user: 'www-data', capabilities: ['NET_BIND_SERVICE', 'SYS_CHROOT'] },
    source: 'kubernetes/ingress-nginx rootfs/Dockerfile-chroot',
  },
  {
    images: ['docker.io/haproxytech/kubernetes-ingress'],
    facts: bindsLowPorts,
    source: 'haproxytech/kubernetes-ingress build/Dockerfile',
  },
  {
    images: [
      'docker.io/nginx/nginx-ingress',
      'ghcr.io/nginx/kubernetes-ingress',
      'ghcr.io/nginxinc/kubernetes-ingress',
      'private-registry.nginx.com/nginx-ic/*',
    ],
    facts: bindsLowPorts,
    source: 'nginx/kubernetes-ingress build/scripts/common.sh',
  },
  {
    images: ['docker.io/adguard/adguardhome'],
    facts: bindsLowPorts,
    source: 'AdguardTeam/AdGuardHome docker/Dockerfile',
  },
  { images: ['docker.io/powerdns/pdns-auth-*'], facts: bindsLowPorts, source: 'PowerDNS/pdns Dockerfile-auth' },
  { images: ['docker.io/powerdns/pdns-recursor-*'], facts: bindsLowPorts, source: 'PowerDNS/pdns Dockerfile-recursor' },
  {
    images: ['docker.io/spx01/blocky', 'ghcr.io/0xerr0r/blocky'],
    facts: bindsLowPorts,
    source: '0xERR0R/blocky Dockerfile and Makefile, BIN_AUTOCAB',
  },
  {
    images: ['docker.io/smallstep/step-ca', 'cr.smallstep.com/smallstep/step-ca'],
    facts: bindsLowPorts,
    source: 'smallstep/certificates docker/Dockerfile',
  },
  { images: ['docker.io/grafana/agent'], facts: bindsLowPorts, source: 'grafana/agent cmd/grafana-agent/Dockerfile' },
  { images: ['docker.io/grafana/alloy'], facts: bindsLowPorts, source: 'grafana/alloy issue 630' },
  {
    images: ['registry.k8s.io/kube-apiserver'],
    facts: bindsLowPorts,
    source: 'kubernetes/kubernetes build/server-image/kube-apiserver/Dockerfile',
  },
  // images whose user works by means of sudo
  { images: ['ghcr.io/actions/actions-runner'], facts: usesSudo, source: 'actions/runner images/Dockerfile' },
  {
    images: [
      'docker.io/summerwind/actions-runner',
      'docker.io/summerwind/actions-runner-dind',
      'docker.io/summerwind/actions-runner-dind-rootless',
    ],
    facts: usesSudo,
    source: 'actions/actions-runner-controller runner/actions-runner.*.dockerfile',
  },
  {
    images: ['docker.io/codercom/enterprise-*'],
    facts: usesSudo,
    source: 'coder/enterprise-images images/base/ubuntu.Dockerfile',
  },
  {
    images: ['docker.io/gitpod/openvscode-server'],
    facts: usesSudo,
    source: 'gitpod-io/openvscode-releases Dockerfile',
  },
  {
    images: [
      'docker.io/homebrew/brew',
      'ghcr.io/homebrew/brew',
      'ghcr.io/homebrew/ubuntu*',
      'docker.io/linuxbrew/brew',
    ],
    facts: usesSudo,
    source: 'Homebrew/brew Dockerfile',
  },
  {
    images: ['docker.io/cimg/*'],
    facts: usesSudo,
    source: 'CircleCI-Public/cimg-base 22.04/Dockerfile, the base of all others',
  },
  { images: ['docker.io/selenium/*'], facts: usesSudo, source: 'SeleniumHQ/docker-selenium Base/Dockerfile' },
  {
    images: ['docker.io/zabbix/zabbix-server-*', 'docker.io/zabbix/zabbix-proxy-*'],
    facts: usesSudo,
    source: 'zabbix/zabbix-docker Dockerfiles/server-pgsql/alpine/Dockerfile; Dockerfiles/proxy-*',
  },
  {
    images: ['mcr.microsoft.com/devcontainers/*'],
    facts: usesSudo,
    source: 'devcontainers/features src/common-utils/main.sh',
  },
  {
    images: ['docker.io/codercom/code-server', 'ghcr.io/coder/code-server'],
    facts: { setuid: ['fixuid'] },
    source: 'coder/code-server ci/release-image/Dockerfile',
  },
  // builders that map users without being root
  { images: ['docker.io/moby/buildkit'], facts: mapsUsers, source: 'moby/buildkit issue 1671' },
  {
    images: ['quay.io/buildah/*', 'quay.io/containers/buildah'],
    facts: mapsUsers,
    source: 'containers/buildah issue 4049, contrib/buildahimage/Containerfile',
  },
  {
    images: ['quay.io/podman/*', 'quay.io/containers/podman'],
    facts: mapsUsers,
    source: 'containers/podman contrib/podmanimage/stable/Containerfile',
  },
  // Postfix, whose queue belongs to a group of its own
  {
    images: ['docker.io/mailserver/docker-mailserver', 'ghcr.io/docker-mailserver/docker-mailserver'],
    facts: queuesMail,
    source: 'docker-mailserver/docker-mailserver pull request 3625',
  },
  {
    images: ['docker.io/boky/postfix'],
    facts: queuesMail,
    source: 'bokysan/docker-postfix Dockerfile; vdukhovni/postfix conf/postfix-files',
  },
  // programs on their own
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
  // images of which the user alone is known
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

import type { ImageFacts, KnownImages } from '../image-facts.ts';

const bindsLowPorts: ImageFacts = { capabilities: ['NET_BIND_SERVICE'] };
const usesSudo: ImageFacts = { setuid: ['sudo'] };
const mapsUsers: ImageFacts = { setuid: ['newuidmap'] };
const queuesMail: ImageFacts = { setuid: ['postdrop'] };

/** Images that rely on programs with setuid, setgid or file capabilities. */
export const privilegedImages: readonly KnownImages[] = [
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
  // their scripts start these, so under no_new_privs they get no capabilities
  {
    images: ['docker.io/powerdns/pdns-auth-*'],
    facts: { setuid: ['pdns_server'], ...bindsLowPorts },
    source: 'PowerDNS/pdns Dockerfile-auth',
  },
  {
    images: ['docker.io/powerdns/pdns-recursor-*'],
    facts: { setuid: ['pdns_recursor'], ...bindsLowPorts },
    source: 'PowerDNS/pdns Dockerfile-recursor',
  },
  {
    images: ['docker.io/smallstep/step-ca', 'cr.smallstep.com/smallstep/step-ca'],
    facts: { setuid: ['step-ca'], ...bindsLowPorts },
    source: 'smallstep/certificates docker/Dockerfile',
  },
  {
    images: ['docker.io/spx01/blocky', 'ghcr.io/0xerr0r/blocky'],
    facts: bindsLowPorts,
    source: '0xERR0R/blocky Dockerfile and Makefile, BIN_AUTOCAB',
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
];

import { parseImage } from './image.ts';
import { remembered } from './remembered.ts';

/** What is known of an image and cannot be seen in a manifest. */
export interface ImageFacts {
  /** A program with setuid, setgid or file capabilities that the image relies on: under no_new_privs it does not work. */
  readonly setuid?: string;
  /** File capabilities of the program that it starts: without them the kernel refuses to execute it. */
  readonly capabilities?: readonly string[];
}

const bindsLowPorts: ImageFacts = { capabilities: ['NET_BIND_SERVICE'] };
const sudo: ImageFacts = { setuid: 'sudo' };
const fixuid: ImageFacts = { setuid: 'fixuid' };
const newuidmap: ImageFacts = { setuid: 'newuidmap' };
const postdrop: ImageFacts = { setuid: 'postdrop' };

/** Images by their full names, in which a star at the end stands for the rest; each with its source on GitHub. */
const known: readonly (readonly [name: string, facts: ImageFacts])[] = [
  // programs that start only with their file capabilities
  ['docker.io/library/caddy', bindsLowPorts], // caddyserver/caddy-docker 2.8/alpine/Dockerfile, issue 396
  ['docker.io/coredns/coredns', bindsLowPorts], // coredns/coredns Dockerfile
  ['registry.k8s.io/coredns/coredns', bindsLowPorts], // the same
  ['registry.k8s.io/coredns', bindsLowPorts], // the same
  ['public.ecr.aws/eks-distro/coredns/coredns', bindsLowPorts], // the same
  ['registry.k8s.io/ingress-nginx/controller', bindsLowPorts], // kubernetes/ingress-nginx rootfs/Dockerfile
  ['registry.k8s.io/ingress-nginx/controller-chroot', bindsLowPorts], // the same, rootfs/Dockerfile-chroot
  ['docker.io/nginx/nginx-ingress', bindsLowPorts], // nginx/kubernetes-ingress build/scripts/common.sh
  ['ghcr.io/nginx/kubernetes-ingress', bindsLowPorts], // the same
  ['ghcr.io/nginxinc/kubernetes-ingress', bindsLowPorts], // the same
  ['private-registry.nginx.com/nginx-ic/*', bindsLowPorts], // the same
  ['docker.io/adguard/adguardhome', bindsLowPorts], // AdguardTeam/AdGuardHome docker/Dockerfile
  ['docker.io/powerdns/pdns-auth-*', bindsLowPorts], // PowerDNS/pdns Dockerfile-auth
  ['docker.io/powerdns/pdns-recursor-*', bindsLowPorts], // PowerDNS/pdns Dockerfile-recursor
  ['docker.io/spx01/blocky', bindsLowPorts], // 0xERR0R/blocky Dockerfile and Makefile, BIN_AUTOCAB
  ['ghcr.io/0xerr0r/blocky', bindsLowPorts], // the same
  ['docker.io/smallstep/step-ca', bindsLowPorts], // smallstep/certificates docker/Dockerfile
  ['cr.smallstep.com/smallstep/step-ca', bindsLowPorts], // the same
  ['docker.io/grafana/agent', bindsLowPorts], // grafana/agent cmd/grafana-agent/Dockerfile
  ['docker.io/grafana/alloy', bindsLowPorts], // grafana/alloy issue 630
  ['registry.k8s.io/kube-apiserver', bindsLowPorts], // kubernetes/kubernetes build/server-image/kube-apiserver/Dockerfile
  // images whose user works by means of sudo
  ['ghcr.io/actions/actions-runner', sudo], // actions/runner images/Dockerfile
  ['docker.io/summerwind/actions-runner', sudo], // actions/actions-runner-controller runner/actions-runner.*.dockerfile
  ['docker.io/summerwind/actions-runner-dind', sudo], // the same
  ['docker.io/summerwind/actions-runner-dind-rootless', sudo], // the same
  ['docker.io/codercom/enterprise-*', sudo], // coder/enterprise-images images/base/ubuntu.Dockerfile
  ['docker.io/gitpod/openvscode-server', sudo], // gitpod-io/openvscode-releases Dockerfile
  ['docker.io/homebrew/brew', sudo], // Homebrew/brew Dockerfile
  ['ghcr.io/homebrew/brew', sudo], // the same
  ['ghcr.io/homebrew/ubuntu*', sudo], // the same
  ['docker.io/linuxbrew/brew', sudo], // the same, by its former name
  ['docker.io/cimg/*', sudo], // CircleCI-Public/cimg-base 22.04/Dockerfile, the base of all others
  ['docker.io/selenium/*', sudo], // SeleniumHQ/docker-selenium Base/Dockerfile
  ['docker.io/zabbix/zabbix-server-*', sudo], // zabbix/zabbix-docker Dockerfiles/server-pgsql/alpine/Dockerfile
  ['docker.io/zabbix/zabbix-proxy-*', sudo], // the same, Dockerfiles/proxy-*
  ['mcr.microsoft.com/devcontainers/*', sudo], // devcontainers/features src/common-utils/main.sh
  ['docker.io/codercom/code-server', fixuid], // coder/code-server ci/release-image/Dockerfile
  ['ghcr.io/coder/code-server', fixuid], // the same
  // builders that map users without being root
  ['docker.io/moby/buildkit', newuidmap], // moby/buildkit issue 1671
  ['quay.io/buildah/*', newuidmap], // containers/buildah issue 4049, contrib/buildahimage/Containerfile
  ['quay.io/containers/buildah', newuidmap], // the same
  ['quay.io/podman/*', newuidmap], // containers/podman contrib/podmanimage/stable/Containerfile
  ['quay.io/containers/podman', newuidmap], // the same
  // Postfix, whose queue belongs to a group of its own
  ['docker.io/mailserver/docker-mailserver', postdrop], // docker-mailserver/docker-mailserver pull request 3625
  ['ghcr.io/docker-mailserver/docker-mailserver', postdrop], // the same
  ['docker.io/boky/postfix', postdrop], // bokysan/docker-postfix Dockerfile; vdukhovni/postfix conf/postfix-files
];

/**
 * The facts of an image; `{}` if it is unknown. A mirror is recognized if it keeps the path of the image and, if that path
 * has only one part or is a pattern, the name of the registry too. Facts that users state about their own images belong here.
 */
export const factsOf: (reference: string) => ImageFacts = remembered((reference) => {
  const image = parseImage(reference);
  if (image === undefined) return {};
  const full = `/${image.registry}/${image.repository}/`;
  return known.find(([name]) => full.includes(partOf(name)))?.[1] ?? {};
});

/** The text that the name of a mirror must contain: the path, or the full name if the path alone is ambiguous. */
function partOf(name: string): string {
  const path = name.slice(name.indexOf('/'));
  const part = path.lastIndexOf('/') === 0 || path.endsWith('/*') ? `/${name}` : path;
  return part.endsWith('*') ? part.slice(0, -1) : `${part}/`;
}

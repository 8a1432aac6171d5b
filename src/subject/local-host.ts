import { oncePerPod } from './pod-facts.ts';

/** The host in `scheme://user@host:port/path`, `host:port` or `host/path`, without brackets. Never includes userinfo. */
export function hostOf(target: string): string {
  const rest = target.replace(/^[a-z][a-z\d+.-]*:\/\//i, '');
  const authority = rest.slice(0, /[/?#]/.exec(rest)?.index);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  if (bracketed !== null) return bracketed[1] ?? '';
  return host.split(':').length > 2 ? host : host.replace(/:.*$/, '');
}

/** Whether the host is this machine: a loopback or wildcard address, the path of a socket, or empty. */
export function isLoopback(host: string): boolean {
  return (
    host === '' ||
    host.startsWith('/') ||
    /^(?:localhost|.+\.localhost|localhost\.localdomain|ip6-localhost|0\.0\.0\.0|127(?:\.\d+){1,3}|::|::1)\.?$/i.test(
      host,
    )
  );
}

/** An alias as an invalid Pod may have it. */
interface HostAlias {
  readonly ip?: string;
  readonly hostnames?: readonly string[];
}

/** The names by which a Pod's file of hosts leads to the Pod itself: its host name, and aliases of the loopback. */
export const ownNamesOf = oncePerPod(({ spec: { hostname, hostAliases = [] } }): ReadonlySet<string> => {
  const aliases = hostAliases.flatMap(({ ip, hostnames = [] }: HostAlias) =>
    ip !== undefined && isLoopback(ip) ? hostnames : [],
  );
  return new Set(hostname ? [hostname, ...aliases] : aliases);
});

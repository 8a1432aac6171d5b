/** Docker Hub's hosts: one registry under several names. */
const dockerHub = new Set(['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/**
 * The one name of a registry, however it is written: DNS ignores case, 443 is the port of HTTPS, and Docker Hub is
 * `docker.io`. After a star the port stays, because the star may match a host with another port.
 */
export function registryName(written: string): string {
  const [, host = '', port] = /^(.*?)(?::0*(\d+))?$/.exec(written.toLowerCase()) ?? [];
  if (port !== undefined && (port !== '443' || host.endsWith('*'))) return `${host}:${port}`;
  return dockerHub.has(host) ? 'docker.io' : host;
}

import type { Container } from './pod-types.ts';

/**
 * The port number of a probe, as the kubelet resolves it (`probe.ResolveContainerPort`): by name among the container's
 * own ports, otherwise a number as text. Undefined for a name that the container does not declare.
 */
export function resolvedPort(container: Container, port: unknown): number | undefined {
  if (typeof port === 'number') return port;
  if (typeof port !== 'string') return undefined;
  const named = container.ports?.find(({ name }) => name === port);
  return named?.containerPort ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}

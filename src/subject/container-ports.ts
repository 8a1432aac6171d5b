import type { Container } from './pod-types.ts';

/**
 * The number that a probe's port stands for, as the kubelet finds it (`probe.ResolveContainerPort`): by name among the
 * ports of the same container, else a number as text. Undefined for a name that the container does not declare.
 */
export function resolvedPort(container: Container, port: unknown): number | undefined {
  if (typeof port === 'number') return port;
  if (typeof port !== 'string') return undefined;
  const named = container.ports?.find(({ name }) => name === port);
  return named?.containerPort ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}
